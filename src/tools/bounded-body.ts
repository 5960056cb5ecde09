const MOST_BYTES = 8 * 1024 * 1024;

/** Limits the body of a response to 8 MiB; reading beyond that fails. */
export function boundedBody(response: Response): Response {
  if (!response.body) return response;
  return new Response(response.body.pipeThrough(bounded()), response);
}

function bounded(): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= MOST_BYTES) return controller.enqueue(chunk);
      controller.error(new Error(`the response is larger than ${MOST_BYTES} bytes`));
    },
  });
}

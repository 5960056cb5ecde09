const MOST_BYTES = 8 * 1024 * 1024;

/** The response, its body cut off at 8 MiB. */
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

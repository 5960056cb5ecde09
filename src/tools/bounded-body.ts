const MOST_BYTES = 8 * 1024 * 1024;

/** Limits the body of a response to `most` bytes, by default 8 MiB; reading beyond that fails. */
export function boundedBody(response: Response, most = MOST_BYTES): Response {
  if (!response.body) return response;
  return new Response(response.body.pipeThrough(bounded(most)), response);
}

function bounded(most: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= most) return controller.enqueue(chunk);
      controller.error(new Error(`the response is larger than ${most} bytes`));
    },
  });
}

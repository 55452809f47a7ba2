import { getResponse, type RequestHandler } from 'msw';
import { type HttpLoopback, httpLoopback } from './loopback.ts';

/** Answers msw's handlers from a real socket, since msw does not see undici's own requests; what none of them takes is a 404. */
export function mswLoopback(handlers: readonly RequestHandler[]): Promise<HttpLoopback> {
  return httpLoopback(async ({ method, path, headers, body }) => {
    const init = {
      method,
      headers: headers as Record<string, string>,
      body: body.length > 0 ? new Uint8Array(body) : null,
    };
    const request = new Request(`http://department.invalid${path}`, init);
    return (await getResponse([...handlers], request)) ?? new Response(null, { status: 404 });
  });
}

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const read = (file: string) => readFileSync(new URL(`check-page/${file}`, import.meta.url), 'utf8').trimEnd();

/** The one operation that the page asks. */
export const CHECK_PROOF = read('check-proof.graphql');

/** Two letters and fourteen digits, which no number of a person is: whatever else stands in the address is never repeated. */
const NUMBER = /^[A-Z]{2}\d{14}$/;

/**
 * Serves the page to which the code on a proof's cover sheet leads (证明核验), `/check/` and the proof's number: whoever holds a proof
 * sees whether it was issued here and is unaltered. The file stays in the browser: only its digest is asked about. A number that is
 * none has a page with status 404.
 */
export function checkPage(app: FastifyInstance): void {
  const [style, script] = [`\n${read('style.css')}\n`, `\n${read('script.js')}\n`];
  const tags = { style: `<style>${style}</style>`, script: `<script>${script}</script>` };
  const [page, malformed] = [read('page.html'), read('malformed.html')];
  const headers = {
    'content-security-policy': [
      "default-src 'none'",
      `script-src '${hashOf(script)}'`,
      `style-src '${hashOf(style)}'`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
  // Not a parameter: those have a longest length, beyond which the page that says what is wrong would not be shown.
  app.get('/check/*', (request, reply) => {
    const number = (request.params as { readonly '*': string })['*'].toUpperCase();
    reply.headers(headers).type('text/html; charset=utf-8');
    if (!NUMBER.test(number)) return reply.code(404).send(filled(malformed, tags));
    return reply.send(filled(page, { ...tags, number: escapeHtml(number), query: escapeHtml(CHECK_PROOF) }));
  });
}

/** A source of the Content-Security-Policy: exactly this text between the tags. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** A page with its gaps `{{name}}` filled, each once: what is put in is not looked through again. */
function filled(page: string, values: Readonly<Record<string, string>>): string {
  return page.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`nothing to put in for ${name}`);
    return value;
  });
}

function escapeHtml(text: string): string {
  const names: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };
  return text.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startBareGateway } from '../../gateway/bare.ts';
import { serverSettings } from '../../gateway/configuration/server-settings.ts';
import { NAMED } from '../../seeds/population.ts';
import { openShop } from '../gateway/fixture/shop.ts';
import { type Sandbox, startSandbox } from '../journeys/sandbox/sandbox.ts';
import { noBrowser, openBrowser } from './browser.ts';

const OPEN = 'mutation Open($input: OpenCaseInput!) { openCase(input: $input) { case { id } } }';
const PRINT = `mutation Print($input: RequestPropertyProofInput!) { requestPropertyProof(input: $input) {
  proof { number digest document issuedAt validUntil checkAddress coverSheet } } }`;

interface Proof {
  readonly number: string;
  readonly digest: string;
  readonly document: string;
  readonly issuedAt: string;
  readonly validUntil: string;
  readonly checkAddress: string;
  readonly coverSheet: string;
}

const OWNER = NAMED['mortgaged-and-seized'];
const NEVER_ISSUED = 'XA20990101999999';

let sandbox: Sandbox;
let proof: Proof;
let pdf: Buffer;

/** As in production, only operations of a manifest run: the page's own is in none. */
function manifestOfThisTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'casegraph-manifest-'));
  for (const [name, text] of Object.entries({ OPEN, PRINT })) writeFileSync(join(folder, `${name}.graphql`), text);
  return folder;
}

async function mutate<T>(operation: string, input: object): Promise<T> {
  const { data, errors } = await sandbox.ask(operation, {
    input: { operator: 'kiosk', idempotencyKey: randomUUID(), ...input },
  });
  expect(errors).toBeUndefined();
  return data as T;
}

async function issueProof(): Promise<Proof> {
  const applicant = { idNumber: OWNER?.idNumber, name: OWNER?.name };
  const { openCase } = await mutate<{ openCase: { case: { id: string } } }>(OPEN, {
    itemId: 'S03',
    channel: 'KIOSK',
    applicant,
  });
  const { requestPropertyProof } = await mutate<{ requestPropertyProof: { proof: Proof } }>(PRINT, {
    caseId: openCase.case.id,
    kind: 'QUERY_RESULT',
  });
  return requestPropertyProof.proof;
}

beforeAll(async () => {
  sandbox = await startSandbox({
    environment: { CASEGRAPH_OPERATIONS__ONLY: 'true', CASEGRAPH_OPERATIONS__MANIFEST: manifestOfThisTest() },
  });
  proof = await issueProof();
  pdf = Buffer.from(proof.document, 'base64');
}, 60_000);

afterAll(async () => {
  await sandbox?.stop();
});

describe('the check page over HTTP', () => {
  it('is where the cover sheet of a proof leads', async () => {
    expect(proof.coverSheet).not.toBeNull();
    expect(proof.checkAddress).toBe(`${sandbox.url}/check/${proof.number}`);
    const response = await fetch(proof.checkAddress);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain(proof.number);
  });

  it('is small, and lets nothing run or load but its own script and style', async () => {
    const response = await fetch(proof.checkAddress);
    const page = await response.text();
    expect(Buffer.byteLength(page)).toBeLessThan(20_000);
    expect(page).not.toMatch(/\{\{|https?:\/\//);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    for (const [tag, directive] of [
      ['script', 'script-src'],
      ['style', 'style-src'],
    ]) {
      const texts = [...page.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))];
      expect(texts).toHaveLength(1);
      const hash = createHash('sha256')
        .update(texts[0]?.[1] ?? '')
        .digest('base64');
      expect(policy).toContain(`${directive} 'sha256-${hash}'`);
    }
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-type': 'text/html; charset=utf-8',
    });
  });

  it.each([
    ['a person’s number', OWNER?.idNumber ?? ''],
    ['markup', '<script>alert(1)</script>'],
    ['quotes', '"onload="alert(1)'],
    ['a digit too many', 'XA202603160000170'],
    ['a digit too few', 'XA2026031600001'],
    ['a path', 'XA20260316000017/more'],
    ['much', 'A'.repeat(3_000)],
  ])('for %s says that no proof has such a number, and does not repeat it', async (_, number) => {
    const response = await fetch(`${sandbox.url}/check/${encodeURIComponent(number)}`);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await response.text();
    expect(page).toContain('没有这样的证明编号');
    expect(page).toContain('No such proof number');
    expect(page).not.toContain(number);
  });

  it('for no number at all says the same', async () => {
    const response = await fetch(`${sandbox.url}/check/`);
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('没有这样的证明编号')]);
  });

  it('is not served in front of a supergraph without departments', async () => {
    const shop = await openShop();
    const gateway = await startBareGateway(
      shop.supergraph,
      serverSettings.parse({ port: 0 }),
      pino({ level: 'silent' }),
    );
    const response = await fetch(`${gateway.url}/check/${proof.number}`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      404,
      expect.stringContaining('application/json'),
    ]);
    await gateway.stop();
    await shop.close();
  });

  it('leaves no number of a proof in the log', () => {
    expect(sandbox.output()).toContain('/check/*');
    expect(sandbox.output()).not.toContain(proof.number);
  });
});

describe.skipIf(noBrowser() !== undefined)('the check page in a browser', () => {
  let browser: Browser;
  const outside: string[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    browser = await openBrowser();
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
  });

  afterAll(() => browser?.close());

  async function open(number = proof.number, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser.newPage({ locale: 'zh-CN', viewport: { width: 800, height: 1_000 }, ...options });
    page.on('request', (request) => {
      if (new URL(request.url()).hostname !== 'localhost') outside.push(request.url());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) faults.push(message.text());
    });
    await page.goto(`${sandbox.url}/check/${number}`);
    return page;
  }

  const choose = (page: Page, buffer: Buffer) =>
    page.setInputFiles('#file', { name: 'proof.pdf', mimeType: 'application/pdf', buffer });
  const press = (page: Page) => page.click('button[type=submit]');
  const heading = (page: Page) => page.locator('#outcome h2').innerText();

  function altered(): Buffer {
    const bytes = Buffer.from(pdf);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    return bytes;
  }

  it('says of the file as it was issued that it is unaltered, when it was issued and how long it holds', async () => {
    const page = await open();
    expect(await page.locator('#number').innerText()).toBe(proof.number);
    await choose(page, pdf);
    await press(page);
    expect(await heading(page)).toBe('由本系统出具，文件未经改动');
    expect(await page.inputValue('#digest')).toBe(proof.digest);
    const shown = await page.locator('#outcome').innerText();
    expect(shown).toContain(proof.issuedAt.slice(0, 10));
    expect(shown).toContain(proof.validUntil);
    expect(shown).not.toContain('已过有效期');
    const all = await page.content();
    for (const personal of [OWNER?.name, OWNER?.idNumber]) expect(all).not.toContain(personal);
    if (process.env.CHECK_PICTURE) await page.screenshot({ path: process.env.CHECK_PICTURE });
  });

  it('says of a file with one bit changed that it is not the one that was issued', async () => {
    const page = await open();
    await choose(page, altered());
    await press(page);
    expect(await heading(page)).toBe('编号由本系统出具，但文件不符');
    expect(await page.locator('#outcome').innerText()).not.toContain(proof.validUntil);
  });

  it('takes what it said away when another file is chosen', async () => {
    const page = await open();
    await choose(page, pdf);
    await press(page);
    expect(await heading(page)).toBe('由本系统出具，文件未经改动');
    await choose(page, altered());
    expect(await page.locator('#outcome').innerText()).toBe('');
    await press(page);
    expect(await heading(page)).toBe('编号由本系统出具，但文件不符');
  });

  it.each([
    ['that was never given', NEVER_ISSUED],
    ['of a day that no calendar has', 'XA20260230000017'],
  ])('says of a number %s that nothing was issued under it', async (_, number) => {
    const page = await open(number);
    await choose(page, pdf);
    await press(page);
    expect(await heading(page)).toBe('本系统没有出具过此编号的证明');
  });

  it('claims nothing about a file when only the digest was typed', async () => {
    const page = await open();
    const typed = (proof.digest.toUpperCase().match(/.{8}/g) ?? []).join(' ');
    await page.fill('#digest', typed);
    await press(page);
    expect(await heading(page)).toBe('由本系统出具，摘要相符');
    expect(await page.locator('#outcome').innerText()).toContain('核验的只是输入的摘要');
    await page.fill('#digest', 'a'.repeat(64));
    await press(page);
    expect(await heading(page)).toBe('编号由本系统出具，但摘要不符');
  });

  it.each(['', 'a'.repeat(63), `${'a'.repeat(63)}g`])('asks nothing about the digest "%s"', async (typed) => {
    const page = await open();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.fill('#digest', typed);
    await press(page);
    await page.locator('#digest-fault', { hasText: `现有${typed.length}位` }).waitFor();
    expect(await page.evaluate('document.activeElement.id')).toBe('digest');
    expect(await page.locator('#digest').getAttribute('aria-invalid')).toBe('true');
    expect(asked).toEqual([]);
  });

  it('says that it cannot be checked now when the gateway cannot be reached or answers with an error', async () => {
    const page = await open();
    await choose(page, pdf);
    const answers = [
      undefined,
      { status: 502, body: '<html>Bad Gateway</html>' },
      { json: { data: { checkProof: null }, errors: [{ message: '…', extensions: { code: 'DEPARTMENT_TIMEOUT' } }] } },
    ];
    for (const answer of answers) {
      await page.route('**/graphql', (route) => (answer ? route.fulfill(answer) : route.abort()));
      await press(page);
      expect(await heading(page)).toBe('暂时无法核验');
      await page.unroute('**/graphql');
    }
    await press(page);
    expect(await heading(page)).toBe('由本系统出具，文件未经改动');
  });

  it('says of a proof whose last day has gone that it no longer holds', async () => {
    const page = await open();
    const issued = { issuedHere: true, unaltered: true, issuedAt: '2020-01-01T09:00:00.000+08:00' };
    await page.route('**/graphql', (route) =>
      route.fulfill({ json: { data: { checkProof: { ...issued, validUntil: '2020-03-31' } } } }),
    );
    await choose(page, pdf);
    await press(page);
    await heading(page);
    expect(await page.locator('#outcome').innerText()).toMatch(/2020-01-01 09:00[\s\S]*2020-03-31[\s\S]*已过有效期/);
  });

  it('is used by keyboard alone', async () => {
    const page = await open();
    const focused = () => page.evaluate('document.activeElement.id || document.activeElement.type');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('language');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('file');
    const chooser = page.waitForEvent('filechooser');
    await page.keyboard.press('Space');
    await (await chooser).setFiles({ name: 'proof.pdf', mimeType: 'application/pdf', buffer: altered() });
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('digest');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('submit');
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('编号由本系统出具，但文件不符');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Control+A');
    await page.keyboard.type(proof.digest);
    await page.keyboard.press('Enter');
    expect(await heading(page)).toBe('由本系统出具，摘要相符');
  });

  it('speaks English to who wants it, one language at a time', async () => {
    const page = await open();
    await choose(page, pdf);
    await press(page);
    await page.locator('#outcome h2').waitFor();
    await page.click('#language');
    expect(await heading(page)).toBe('Issued here, and the file is unaltered');
    expect(await page.locator('main').innerText()).not.toMatch(/\p{Script=Han}/u);
    await page.click('#language');
    expect(await heading(page)).toBe('由本系统出具，文件未经改动');
    const abroad = await open(proof.number, { locale: 'fr-FR' });
    expect(await abroad.locator('h1').innerText()).toBe('Proof check');
  });

  it('fits a phone', async () => {
    const page = await open(proof.number, { viewport: { width: 320, height: 700 }, isMobile: true, hasTouch: true });
    await choose(page, pdf);
    await page.tap('button[type=submit]');
    await page.locator('#outcome h2').waitFor();
    for (const language of ['zh-CN', 'en']) {
      expect(await page.evaluate('document.documentElement.lang')).toBe(language);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
      if (language === 'zh-CN') await page.tap('#language');
    }
    const picture = process.env.CHECK_PHONE_PICTURE;
    if (picture) await page.screenshot({ path: picture, fullPage: true });
  });

  it('computes the digest itself where the browser does not, on a page without https', async () => {
    const page = await browser.newPage({ locale: 'zh-CN' });
    await page.route('http://casegraph.test/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: `${sandbox.url}${pathname}` }) });
    });
    await page.goto(`http://casegraph.test/check/${proof.number}`);
    expect(await page.evaluate('crypto.subtle')).toBeUndefined();
    for (const length of [0, 1, 55, 56, 63, 64, 119, 120, 1_000_003]) {
      const bytes = randomBytes(length);
      await choose(page, bytes);
      const digest = createHash('sha256').update(bytes).digest('hex');
      await expect.poll(() => page.inputValue('#digest'), { message: `${length} bytes` }).toBe(digest);
    }
    await choose(page, pdf);
    await press(page);
    expect(await heading(page)).toBe('由本系统出具，文件未经改动');
  });

  it('asks nothing of any other machine, and breaks no rule of its own', () => {
    expect(outside).toEqual([]);
    expect(faults).toEqual([]);
  });
});

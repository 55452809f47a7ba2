import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../journeys/sandbox/sandbox.ts';
import { noBrowser, openBrowser } from './browser.ts';

describe.skipIf(noBrowser() !== undefined)('GraphiQL', () => {
  let sandbox: Sandbox;
  let browser: Browser;
  let page: Page;
  const outside: string[] = [];
  const faults: string[] = [];

  beforeAll(async () => {
    sandbox = await startSandbox();
    browser = await openBrowser();
    page = await browser.newPage({ viewport: { width: 1600, height: 2000 } });
    page.on('request', (request) => {
      const { hostname, protocol } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== 'localhost') outside.push(request.url());
    });
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${sandbox.url}/graphql`);
  });

  afterAll(async () => {
    await browser?.close();
    await sandbox?.stop();
  });

  it('opens with the example operations as tabs', async () => {
    await page.waitForSelector('.graphiql-execute-button');
    const tabs = await page.locator('.graphiql-tab').count();
    expect(tabs).toBeGreaterThanOrEqual(20);
  });

  it('runs the first of them and shows what the departments know', async () => {
    await page.click('.graphiql-execute-button');
    const response = page.locator('.graphiql-response');
    await response.locator('text=resident').first().waitFor();
    const shown = await response.innerText();
    expect(shown).not.toContain('errors');
    await page.screenshot({ path: process.env.GRAPHIQL_PICTURE ?? `${import.meta.dirname}/../../.data/graphiql.png` });
  });

  it('shows what comes first of a deferred answer, and then what its departments answer', async () => {
    const department = 'real-estate';
    await sandbox.control(department, 'POST', 'faults', { kind: 'delay', delayMs: 3_000 });
    const tab = page.locator('.graphiql-tab', { hasText: 'ResidentDeferred' });
    // Tabs can be dragged, and a press that is too short is taken for neither that nor a click.
    const choose = async () => {
      await tab.locator('.graphiql-tab-button').click({ delay: 100, timeout: 2_000 });
      return tab.getAttribute('class');
    };
    await expect.poll(choose, { timeout: 8_000 }).toContain('graphiql-tab-active');
    await page.click('.graphiql-execute-button');
    const shown = () => page.locator('.graphiql-response').innerText();
    await expect.poll(shown, { timeout: 10_000 }).toContain('insuredPerson');
    expect(await shown()).toContain('maskedIdNumber');
    expect(await shown()).not.toContain('"properties"');
    await sandbox.control(department, 'DELETE', 'faults');
    await expect.poll(shown, { timeout: 10_000 }).toContain('"properties"');
    expect(await shown()).toContain('maskedIdNumber');
    expect(await shown()).not.toContain('errors');
    if (process.env.DEFERRED_PICTURE) await page.screenshot({ path: process.env.DEFERRED_PICTURE });
  });

  it('asks nothing of any other machine', () => {
    expect(outside).toEqual([]);
    expect(faults).toEqual([]);
  });
});

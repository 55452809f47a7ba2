import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Place } from '../../../adapters/database/home.ts';
import manifest from '../../../package.json' with { type: 'json' };
import { readyLine } from '../../journeys/sandbox/sandbox.ts';
import type { GatewayPlan } from '../../journeys/services/gateway-process.ts';
import { stopProcess } from '../engine/process.ts';

const PROGRAM = new URL('../../journeys/services/gateway.ts', import.meta.url).pathname;
const ROOT = new URL('../../../', import.meta.url).pathname;
/** Nobody listens there: the departments are away, and what is stored stays stored. */
const AWAY = { url: 'http://127.0.0.1:9', control: 'http://127.0.0.1:9' };

/** A gateway in a process of its own, with Node's flags and the log of `npm run gateway`; its departments are away. */
export class GatewayUnderLoad {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly url: string;

  private constructor(child: ChildProcess, folder: string, url: string) {
    this.#child = child;
    this.#folder = folder;
    this.url = url;
  }

  /** @param options Further options of Node's: `--cpu-prof`, say. */
  static async start(place: Place, options: readonly string[] = []): Promise<GatewayUnderLoad> {
    const folder = mkdtempSync(join(tmpdir(), 'casegraph-bench-'));
    const plan: GatewayPlan = {
      addresses: {
        'medical-insurance': AWAY,
        'non-tax': { ...AWAY, url: 'tcp://127.0.0.1:9' },
        'real-estate': AWAY,
        'disability-subsidy': AWAY,
        'unified-acceptance': AWAY,
      },
      folder,
      listener: { port: 0 },
    };
    const file = join(folder, 'plan.json');
    writeFileSync(file, JSON.stringify(plan));
    const child = spawn(process.execPath, [...flags(), ...options, PROGRAM, file], {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        NODE_COMPILE_CACHE: join(ROOT, 'node_modules/.cache/compiled'),
        JOURNEYS_LOG: 'info',
        ...(place.url === undefined ? { CASEGRAPH_STORE__PATH: place.path } : { DATABASE_URL: place.url }),
      },
      // The channel ends it with this process.
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const { url } = await readyLine(child);
    return new GatewayUnderLoad(child, folder, String(url));
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Bytes of JavaScript that live after a collection, as its metrics tell them. */
  async heapBytes(): Promise<number> {
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const [, used] = /^nodejs_heap_size_used_bytes (\S+)$/m.exec(text) ?? [];
    if (used === undefined) throw new Error('the gateway’s metrics do not tell its heap');
    return Number(used);
  }

  async stop(): Promise<void> {
    await stopProcess(this.#child);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Those of the project's own command. */
function flags(): readonly string[] {
  return manifest.scripts.gateway.split(' ').filter((word) => word.startsWith('--'));
}

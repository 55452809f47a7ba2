import { join } from 'node:path';
import { newFolder } from '../store/homes.ts';
import { proveThroughKills } from './kills-on.ts';

const folder = newFolder();

proveThroughKills('SQLite', async () => ({ place: { path: join(folder, 'store.sqlite') } }));

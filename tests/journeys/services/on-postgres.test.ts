import { proveServicesOn } from './services-on.ts';

await proveServicesOn('PostgreSQL');

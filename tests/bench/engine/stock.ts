import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/** Stock Apollo as its documentation starts it: the supergraph file, nothing configured. */
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(process.argv[2] ?? '', 'utf8') });
const server = new ApolloServer({ gateway });
const { url } = await startStandaloneServer(server, { listen: { host: '127.0.0.1', port: 0 } });
process.stdout.write(`${JSON.stringify({ msg: 'ready', url: url.replace(/\/$/, '') })}\n`);
process.on('SIGTERM', () => process.exit());

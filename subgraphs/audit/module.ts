import { z } from 'zod';
import { CasegraphError } from '../../adapters/transport/errors.ts';
import { subgraphSchema } from '../schema.ts';
import { defineSubgraph } from '../subgraph.ts';
import { type AuditContext, resolvers } from './resolvers.ts';

/** The tamper-evident log, read: traces of cases, accesses, proofs. No department behind it. */
export const audit = defineSubgraph({
  name: 'audit',
  settings: z.strictObject({}).prefault({}),
  async create(_, { auditLog, store }) {
    const { registry } = await store();
    const context: AuditContext = {
      registry,
      async log() {
        if (auditLog) return auditLog();
        throw new CasegraphError('NOT_FOUND', 'No audit log is kept here.', { detailZh: '此处未启用审计日志。' });
      },
    };
    return {
      schema: subgraphSchema('audit', resolvers),
      context: () => context,
      stop: () => Promise.resolve(),
    };
  },
});

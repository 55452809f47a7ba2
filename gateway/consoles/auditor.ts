import { runAuditor } from './auditor/command.ts';
import { runAsProcess } from './command-line/run.ts';

await runAsProcess(runAuditor);

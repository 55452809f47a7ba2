import { runAsProcess } from './command-line/run.ts';
import { runHospital } from './hospital/command.ts';

await runAsProcess(runHospital);

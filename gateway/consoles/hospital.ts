import { runHospital } from './hospital/command.ts';
import { EXIT } from './hospital/refusals.ts';

// Who reads the output may stop reading: `status | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.unfinished);
});
try {
  process.exitCode = await runHospital(process.argv.slice(2), process.env, {
    output: process.stdout,
    errors: process.stderr,
  });
} catch (error) {
  process.stderr.write(`${(error as Error).stack}\n`);
  process.exitCode = EXIT.unfinished;
}

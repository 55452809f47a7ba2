import { simulateMedicalInsurance } from '../../../adapters/medical-insurance/simulator.ts';
import { SimulatorCore } from '../../../adapters/simulator/core.ts';
import { populationOf } from '../../subgraphs/fixture/people.ts';
import { platformWith } from '../../subgraphs/fixture/settled-month.ts';
import { plantedMonth } from './planted.ts';

// The platform in a process of its own, with a month of so many settlements: it prints its address, and ends with whoever started it.
process.stdin.resume().on('end', () => process.exit());
const core = new SimulatorCore('medical-insurance');
const { platform } = plantedMonth(Number(process.argv[2]));
const department = simulateMedicalInsurance(core, populationOf({ medical: platformWith(platform) }), {});
console.log(await department.listen(0));

import { APP_TEST, appTest, javaProgram } from '../support/java.ts';
import { stopped } from './cheat.ts';
import { javaCheats } from './cheats-java.ts';

// Each starts many JVMs, so a run of CI tries one in three; with CUPEL_CHEATS=all it tries all.
const tried = javaCheats.filter((_, index) => process.env['CUPEL_CHEATS'] === 'all' || index % 3 === 0);

stopped('java', tried, { ...javaProgram, [APP_TEST]: appTest(4) });

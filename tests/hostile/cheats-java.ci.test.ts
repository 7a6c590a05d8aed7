import { APP_TEST, appTest, javaProgram } from '../support/java.ts';
import { stopped } from './cheat.ts';
import { javaCheats } from './cheats-java.ts';

stopped('java', javaCheats, { ...javaProgram, [APP_TEST]: appTest(4) });

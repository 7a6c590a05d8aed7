import { failingTest, program } from '../support/grading/projects.ts';
import { stopped } from './cheat.ts';
import { pythonCheats } from './cheats-python.ts';

stopped('python', pythonCheats, { ...program.python, ...failingTest.python });

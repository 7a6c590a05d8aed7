import { failingTest, program } from '../support/grading/projects.ts';
import { stopped } from './cheat.ts';
import { goCheats } from './cheats-go.ts';

stopped('go', goCheats, { ...program.go, ...failingTest.go });

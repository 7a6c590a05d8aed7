import { failingTest, program } from '../conformance/projects.ts';
import { stopped } from './cheat.ts';
import { goCheats } from './cheats-go.ts';

stopped('go', goCheats, { ...program.go, ...failingTest.go });

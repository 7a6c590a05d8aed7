import { failingTest, program } from '../support/grading/projects.ts';
import { stopped } from './cheat.ts';
import { typescriptCheats, vitestCheats } from './cheats-typescript.ts';

stopped('typescript', typescriptCheats, { ...program.typescript, ...failingTest.typescript });
stopped('typescript', vitestCheats, {});

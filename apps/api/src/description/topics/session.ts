import { modelSchema, sessionRequestSchema, sessionSchema } from '@bonafide/contracts';
import type { Operation } from '../operation';

const about = { tag: 'Session', path: '/session', scope: null } as const;

export const sessionOperations: Operation[] = [
  {
    ...about,
    method: 'get',
    id: 'getSession',
    summary: 'Is a key needed, and who is signed in?',
    answers: {
      200: {
        description: 'What the browser may do.',
        content: { 'application/json': sessionSchema },
        headers: ['Cache-Control'],
      },
    },
    problems: ['unauthorized'],
  },
  {
    ...about,
    method: 'post',
    id: 'signIn',
    summary: 'Sign in with a key',
    description: 'Sets a cookie that scripts cannot read and that other sites cannot make use of.',
    body: { content: { 'application/json': sessionRequestSchema } },
    answers: { 204: { description: 'Signed in.' } },
    problems: ['unauthorized', 'forbidden'],
  },
  {
    ...about,
    method: 'delete',
    id: 'signOut',
    summary: 'Sign out',
    answers: { 204: { description: 'Signed out.' } },
    problems: ['forbidden'],
  },
];

export const modelOperations: Operation[] = [
  {
    method: 'get',
    path: '/v1/models/current',
    id: 'getModel',
    tag: 'Models',
    scope: 'read',
    summary: 'The bundle that judges, with its card and its figures',
    answers: {
      200: {
        description: 'What it was made of and how well it did in tests.',
        content: { 'application/json': modelSchema },
        headers: ['Cache-Control'],
      },
    },
  },
];

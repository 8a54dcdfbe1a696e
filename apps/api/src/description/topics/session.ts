import { sessionRequestSchema, sessionSchema } from '@bonafide/contracts';
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

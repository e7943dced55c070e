// Every story of the world, in one list.
import { END_STORIES } from './end-stories.ts';
import { ROLLOUT_STORIES } from './rollout-stories.ts';
import { STORIES, type Story } from './stories.ts';

export const ALL_STORIES: readonly Story[] = [...STORIES, ...ROLLOUT_STORIES, ...END_STORIES];

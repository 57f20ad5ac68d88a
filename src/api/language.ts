import { config } from '@grafana/runtime';

/** The language of the signed-in user, such as zh-Hans; undefined leaves it to the browser. */
export const language = (): string | undefined => config.bootData?.user?.language || undefined;

/** Whether the signed-in user reads Chinese. */
export const chinese = (): boolean => language()?.startsWith('zh') ?? false;

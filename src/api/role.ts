import { config } from '@grafana/runtime';

const role = () => config.bootData?.user?.orgRole;
const serverAdmin = () => Boolean(config.bootData?.user?.isGrafanaAdmin);

/** Login of the signed-in user. */
export const login = (): string => config.bootData?.user?.login ?? '';

/** Whether the user may train, label, silence and make rules; the back end checks it once more. */
export const canEdit = (): boolean => role() === 'Editor' || role() === 'Admin' || serverAdmin();

/** Whether the user may configure and delete. */
export const canAdmin = (): boolean => role() === 'Admin' || serverAdmin();

/** Whether Grafana lets the user into Explore, which its administrators may open to Viewers. */
export const canExplore = (): boolean => config.bootData?.user?.permissions?.['datasources:explore'] === true;

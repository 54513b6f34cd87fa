import type { RateLimitSettings } from '../requests/rate-limit-settings.ts';

/** How long the store is waited for, in milliseconds: by the checks before the body, and by what comes after it. */
export interface Patience {
  checks: number;
  work: number;
}

/** The part of the configuration that the HTTP room reads. config.ts fills it. */
export interface HttpConfig {
  /** Base of every absolute link, without a trailing slash. */
  publicUrl: string;
  /** Origins whose dashboards may call the moderators' and admins' part. */
  dashboardOrigins: string[];
  /** How many proxies stand before us, or the CIDRs they speak from. */
  trustProxy: number | string[];
  rateLimits: RateLimitSettings;
  /** GATEHOUSE_ADMIN_TOKEN; null where it is not set. */
  adminToken: string | null;
  /** Bearer token that `GET /metrics` wants; null leaves it open. */
  metricsToken: string | null;
  /** The version of this build, for `healthz` and the OpenAPI document. */
  version: string;
  /** False sends every request the long way round: for the test that both ways are equal, and for comparison. */
  hotPaths: boolean;
  /** Folder of the built widget; null where there is none to give. */
  widgetFolder: string | null;
  /** How many bytes of answers the hot read may keep. */
  keptAnswersBytes: number;
  /** How long the store is waited for where that is not the usual time: for tests. */
  patience?: Partial<Patience>;
  /** Folder of the built dashboard. */
  dashboardDir: string;
}

// When a device is told to poll again: each at its own place in the interval, so that a fleet never comes at once.
import { hashOf, type Imei, type Instant } from '../../campaigns/index.ts';
import { DDI_LIMITS } from './limits.ts';

/**
 * Seconds until the device's next poll. Its place in the interval follows from its IMEI; one that is off by more than a
 * little is led there by one longer or shorter sleep, between half and one and a half of the interval. One that is there
 * hears the same every time, so that its poll can be answered by 304.
 */
export function sleepOf(imei: Imei, pollSeconds: number, now: Instant): number {
  if (pollSeconds < DDI_LIMITS.spreadPollSecondsMin) return pollSeconds;
  const second = Math.round(now / 1_000);
  const place = hashOf(imei) % pollSeconds;
  const behind = (((second - place) % pollSeconds) + pollSeconds) % pollSeconds;
  const off = behind > pollSeconds / 2 ? behind - pollSeconds : behind;
  return Math.abs(off) <= pollSeconds * DDI_LIMITS.spreadTolerance ? pollSeconds : pollSeconds - off;
}

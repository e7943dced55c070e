// How full the disks are that the server writes to, and how much of that is its own.
import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';

export type DiskName = 'data' | 'images';

export interface DiskSpace {
  readonly what: DiskName;
  readonly free: number;
  readonly size: number;
  /** Bytes of our own files. */
  readonly used: number;
}

export interface Folders {
  readonly data: string;
  readonly images: string;
}

/** Images are counted apart, also where their folder lies inside the other. */
export async function lookAtDisks({ data, images }: Folders): Promise<readonly DiskSpace[]> {
  const [imagesUsed, dataUsed] = await Promise.all([usedBy(images), usedBy(data, images)]);
  const space = async (what: DiskName, folder: string, used: number): Promise<DiskSpace> => {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { what, free: bavail * bsize, size: blocks * bsize, used };
  };
  return Promise.all([space('data', data, dataUsed), space('images', images, imagesUsed)]);
}

/** A file that goes away meanwhile counts nothing. */
async function usedBy(folder: string, except?: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
    const path = join(folder, entry.name);
    if (path === except) continue;
    if (entry.isDirectory()) sum += await usedBy(path, except);
    else if (entry.isFile()) sum += (await stat(path).catch(() => ({ size: 0 }))).size;
  }
  return sum;
}

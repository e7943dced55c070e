// Configuration and other files for HTTP devices (v2).

import { type DistributionOptions, type FotaCaller, type OrderOptions, path } from './caller.ts';
import type { Given } from './http.ts';
import { fileForm, type NamedFile } from './upload.ts';
import type {
  AvailableFilesResponse,
  CampaignFile,
  CampaignFileUpgrade,
  FileUpload,
  UploadedFile,
} from './wire.gen.ts';

export class Files {
  readonly #call: FotaCaller;

  constructor(call: FotaCaller) {
    this.#call = call;
  }

  /** Files that can be installed. */
  async listV2(
    account: string,
    { distributionType, ...options }: DistributionOptions = {},
  ): Promise<AvailableFilesResponse> {
    return (await this.#call({
      method: 'GET',
      path: path`/v2/files/${account}`,
      query: { distributionType },
      ...options,
    })) as AvailableFilesResponse;
  }

  /** Uploads a file; its name is made of make, model and the name given. */
  async uploadV2(
    account: string,
    fields: Given<FileUpload>,
    file: NamedFile,
    options?: OrderOptions,
  ): Promise<UploadedFile> {
    return (await this.#call({
      method: 'POST',
      path: path`/v2/files/${account}`,
      form: fileForm({ ...fields }, file),
      ...options,
    })) as UploadedFile;
  }

  /** Schedules a file campaign. The other calls on it are in `campaigns`. */
  async scheduleV2(account: string, body: Given<CampaignFileUpgrade>, options?: OrderOptions): Promise<CampaignFile> {
    return (await this.#call({
      method: 'POST',
      path: path`/v2/campaigns/files/${account}`,
      body,
      ...options,
    })) as CampaignFile;
  }
}

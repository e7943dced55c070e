// What documents take for granted that show single calls: a server with an account, a key and a file or two.

const SERVER = `
campanile serve --data ./campanile-data > ready.json &
curl -fsS --retry 60 --retry-connrefused --retry-delay 1 -o ready.txt http://127.0.0.1:8080/readyz
export CAMPANILE_OPERATOR_KEY="$(cat campanile-data/operator.key)"
export ACCOUNT=0000123456-00001
campanile account create "$ACCOUNT" > account.txt
`;

const CREDENTIALS = `
export CAMPANILE_CLIENT_ID="$(sed -n 's/^clientId *//p' account.txt)"
export CAMPANILE_CLIENT_SECRET="$(sed -n 's/^clientSecret *//p' account.txt)"
export CAMPANILE_USERNAME="$(sed -n 's/^username *//p' account.txt)"
export CAMPANILE_PASSWORD="$(sed -n 's/^password *//p' account.txt)"
`;

const IMAGE = `
head -c 2000 /dev/zero > app-2.swu
`;

const MODEM = `
echo imei,make,model,transport,firmware > modems.csv
echo 490154203237518,Acme,M1,LWM2M,1.0.0 >> modems.csv
campanile device import modems.csv --account "$ACCOUNT"
campanile package add account.txt --account "$ACCOUNT" --kind firmware --name modem-fw \\
  --from 1.0.0 --to 2.0.0 --make Acme --model M1 --transport LWM2M
`;

const CAMPAIGN = `
campanile campaign schedule --account "$ACCOUNT" --kind firmware --package modem-fw --from 1.0.0 --to 2.0.0 \\
  --start 2027-03-10 --end 2027-03-14 --imei 490154203237518 > campaign.txt
ID="$(sed -n 's/^id *//p' campaign.txt)"
`;

const FILES = `
echo imei,make,model,transport,firmware,ddiToken > devices.csv
echo 490154203237518,Acme,M1,LWM2M,1.0.0, >> devices.csv
echo 490154203237518 > imeis.txt
head -c 2000 /dev/zero > app-2.bin
`;

/** What the operator's guide leaves behind, and a third modem. */
const MODEMS = `${MODEM}
campanile device import - --account "$ACCOUNT" <<'CSV'
imei,make,model,transport,firmware
490154203237526,Acme,M1,LWM2M,1.0.0
490154203237534,Acme,M1,LWM2M,1.0.0
CSV
printf '%s\\n' 490154203237518 490154203237526 490154203237534 > imeis.txt
`;

/** By the document's path. */
export const GIVEN: Readonly<Record<string, string>> = {
  'README.md': FILES,
  'docs/compatibility.md': SERVER,
  'docs/first-real-device.md': SERVER + CREDENTIALS,
  'docs/images.md': SERVER + IMAGE,
  'docs/ledger.md': SERVER + CREDENTIALS + MODEM + CAMPAIGN,
  'docs/moving-from-the-original-service.md': SERVER + CREDENTIALS + MODEM,
  'docs/operators-guide.md': SERVER + CREDENTIALS,
  'docs/security.md': SERVER,
  'docs/steering.md': SERVER + CREDENTIALS + MODEMS,
  'docs/troubleshooting.md': SERVER + CREDENTIALS + MODEM + CAMPAIGN,
};

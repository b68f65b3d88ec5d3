import { type Random, seededRandom } from "./random.ts";

const CAMPAIGNS = 100;
const ADS_PER_CAMPAIGN = 10;
const USERS_AND_PAGES = 100;
const AD_TYPES = ["banner", "modal", "sponsored-search", "mail", "mobile"] as const;
const EVENT_TYPES = ["view", "click", "purchase"] as const;
const EVENTS_PER_CHUNK = 10_000;
/** Event time of the first event; one event follows another by 1/EVENTS_PER_MS of a millisecond. */
const FIRST_EVENT_MS = 1_700_000_000_000;
const EVENTS_PER_MS = 100;

/** `count` events of the Yahoo streaming benchmark (Chintapalli et al. 2016), one JSON object a line. */
export function* yahooEvents(count: number, seed: number): Generator<Buffer> {
  const random = seededRandom(seed);
  const ads = uuids(CAMPAIGNS * ADS_PER_CAMPAIGN, random);
  const users = uuids(USERS_AND_PAGES, random);
  const pages = uuids(USERS_AND_PAGES, random);
  for (let written = 0; written < count; ) {
    let text = "";
    for (const end = Math.min(written + EVENTS_PER_CHUNK, count); written < end; written++) {
      text +=
        `{"user_id":"${pick(users, random)}","page_id":"${pick(pages, random)}","ad_id":"${pick(ads, random)}",` +
        `"ad_type":"${pick(AD_TYPES, random)}","event_type":"${pick(EVENT_TYPES, random)}",` +
        `"event_time":"${FIRST_EVENT_MS + Math.floor(written / EVENTS_PER_MS)}","ip_address":"1.2.3.4"}\n`;
    }
    yield Buffer.from(text, "latin1");
  }
}

/** The campaign of each ad that `yahooEvents` names for the same seed: a line `<ad_id> <campaign_id>` for each. */
export function* yahooCampaigns(seed: number): Generator<Buffer> {
  const ads = uuids(CAMPAIGNS * ADS_PER_CAMPAIGN, seededRandom(seed));
  const campaigns = uuids(CAMPAIGNS, seededRandom(seed + 1));
  for (const [i, ad] of ads.entries()) {
    yield Buffer.from(`${ad} ${campaigns[Math.floor(i / ADS_PER_CAMPAIGN)]}\n`, "latin1");
  }
}

function pick<T>(values: readonly T[], random: Random): T {
  return values[random.below(values.length)] as T;
}

function uuids(count: number, random: Random): string[] {
  return Array.from({ length: count }, () => {
    const hex = Array.from({ length: 4 }, () => random.next().toString(16).padStart(8, "0")).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  });
}

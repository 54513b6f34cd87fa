import { Schema } from 'mongoose';
import { carryActs } from './acting.ts';
import { plain } from './schemas.ts';

const { Mixed } = Schema.Types;

export const pageSchema = new Schema(
  {
    _id: String,
    site: String,
    key: String,
    url: String,
    id: String,
    title: String,
    joined: String,
    closed: Boolean,
    moderation: String,
    publishedAt: Number,
    version: Number,
    retitled: String,
    unlisted: Boolean,
  },
  { ...plain, id: false, collection: 'pages' },
);
carryActs(pageSchema);
pageSchema.index(
  { site: 1, joined: 1 },
  { name: 'joined', partialFilterExpression: { joined: { $type: 'string' } } },
);

pageSchema.index(
  { retitled: 1 },
  { name: 'retitled', partialFilterExpression: { retitled: { $type: 'string' } } },
);

pageSchema.index({ unlisted: 1 }, { name: 'unlisted', partialFilterExpression: { unlisted: true } });

/** `_id` is site and reference, `key` the page that it was first known as. */
export const referenceSchema = new Schema(
  { _id: String, site: String, key: String },
  { ...plain, collection: 'page-references' },
);
referenceSchema.index({ site: 1 }, { name: 'references-of-site' });

/** `_id` is site and alias. `moving` while comments may still stand under it. */
export const aliasSchema = new Schema(
  { _id: String, id: String, site: String, alias: String, page: String, createdAt: Number, moving: Boolean },
  { ...plain, id: false, collection: 'aliases' },
);
carryActs(aliasSchema);
aliasSchema.index({ site: 1, id: -1 }, { name: 'aliases-of-site' });
aliasSchema.index({ site: 1, page: 1 }, { name: 'aliases-leading' });
aliasSchema.index({ moving: 1 }, { name: 'moving', partialFilterExpression: { moving: true } });

export const siteSchema = new Schema(
  {
    _id: String,
    name: String,
    origins: [String],
    locale: String,
    timeZone: String,
    policy: Mixed,
    version: Number,
    createdAt: Number,
    updatedAt: Number,
    removing: Boolean,
    removingAt: Date,
  },
  { ...plain, collection: 'sites' },
);
carryActs(siteSchema);
siteSchema.index({ removing: 1 }, { name: 'removing', partialFilterExpression: { removing: true } });

/** Sites that were removed a while ago: no comment that was on its way then comes later. */
export const removedSiteSchema = new Schema(
  { _id: String, at: Date },
  { ...plain, collection: 'removed-sites' },
);
removedSiteSchema.index({ at: 1 }, { name: 'expiry', expireAfterSeconds: 86_400 });
siteSchema.index({ createdAt: -1, _id: -1 }, { name: 'newest-sites' });

/** `_id` is the site. */
export const wordlistSchema = new Schema(
  { _id: String, hold: [String], reject: [String], version: Number, changedAt: Number },
  { ...plain, collection: 'wordlists' },
);
carryActs(wordlistSchema);

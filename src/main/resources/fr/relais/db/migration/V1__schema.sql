-- Each statement commits by itself. After a crash all statements run again, so each must be repeatable.
-- The comment of a table says that Relais made it: a table of a host with the same name is refused.
-- Instants are in UTC. Ids are compared byte by byte. The content of an offer, and what is derived from it, is deleted
-- with the offer.

-- The mirror, its sweeps and the account.

create table if not exists offer (
  id                 varchar(64)  character set ascii collate ascii_bin not null,
  origine            varchar(8)   character set ascii collate ascii_bin not null
    comment '1: an offer of the operator itself, 2: an offer of a partner',
  date_creation      datetime(3)  null,
  date_actualisation datetime(3)  null,
  intitule           varchar(500) null,
  rome_code          varchar(20)  null,
  commune            varchar(20)  null,
  code_postal        varchar(20)  null,
  type_contrat       varchar(20)  null,
  content            longtext     character set utf8mb4 collate utf8mb4_bin not null
    comment 'JSON as received, byte for byte',
  fingerprint        binary(32)   not null comment 'SHA-256 of the canonical JSON',
  digest             binary(32)   not null comment 'SHA-256 of the bytes as received',
  created_sweep      bigint       not null,
  changed_sweep      bigint       not null,
  primary key (id),
  key offer_comparison (id, origine, digest, fingerprint),
  key offer_changed_sweep (changed_sweep, created_sweep)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_unicode_ci
  comment = 'Relais. Licence de réutilisation de la base de données des offres d''emploi collectées par Pôle emploi';

create table if not exists sweep (
  id           bigint       not null auto_increment,
  origines     varchar(32)  character set ascii not null,
  started_at   datetime(3)  not null,
  ended_at     datetime(3)  null,
  state        varchar(16)  character set ascii not null
    comment 'reading, removing, proved, held, refused, incomplete, abandoned, restored',
  fence        bigint       not null comment 'the fence of the lease under which the sweep runs',
  approved     boolean      not null default false comment 'whether a person has approved the removals',
  approved_by  varchar(64)  null comment 'name of that person, if it is known',
  reason       varchar(500) null,
  calls        bigint       not null default 0,
  created      int          not null default 0,
  updated      int          not null default 0,
  unchanged    int          not null default 0,
  removed      int          not null default 0,
  out_of_scope int          not null default 0,
  kept         int          not null default 0,
  undecided    int          not null default 0
    comment 'offers that were not seen and for which the source gave no usable answer; included in kept',
  set_aside    int          not null default 0,
  primary key (id)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists slice (
  id           bigint       not null auto_increment,
  sweep_id     bigint       not null,
  origine      varchar(8)   character set ascii not null,
  created_from datetime     not null,
  created_to   datetime     not null,
  facets       varchar(500) character set ascii not null,
  previous     int          null comment 'number of offers that the previous sweep found in the slice',
  expected     int          null comment 'estimated number of offers in the slice',
  zone         int          null comment 'hours by which creation dates in answers are ahead of the filter',
  tail         text         character set ascii null
    comment 'ids that were read ahead at the end of the window, while the slice is planned or being read',
  state        varchar(16)  character set ascii not null comment 'planned, reading, proved, split, unproved',
  total        int          null,
  reason       varchar(500) null,
  read_from    datetime(3)  null comment 'when the last reading began, by the clock of the database',
  read_to      datetime(3)  null comment 'when it ended, by the same clock',
  primary key (id),
  key slice_state (sweep_id, state),
  foreign key (sweep_id) references sweep (id) on delete cascade
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists sighting (
  id        bigint     not null auto_increment,
  sweep_id  bigint     not null,
  offer_ids mediumtext character set ascii not null comment 'ids of the offers of one page, as a JSON array',
  primary key (id),
  key sighting_sweep_id (sweep_id)
) engine = InnoDB comment = 'Relais';

create table if not exists removal (
  sweep_id bigint      not null,
  offer_id varchar(64) character set ascii collate ascii_bin not null,
  outcome  varchar(16) character set ascii not null
    comment 'pending, gone, removed, kept, undecided, out of scope, failed (hook)',
  primary key (sweep_id, offer_id)
) engine = InnoDB comment = 'Relais';

create table if not exists undecided (
  offer_id varchar(64) character set ascii collate ascii_bin not null,
  since    datetime(3) not null comment 'start of the sweep since which the offer has been undecided',
  primary key (offer_id),
  foreign key (offer_id) references offer (id) on delete cascade
) engine = InnoDB comment = 'Relais';

create table if not exists set_aside (
  sweep_id bigint       not null,
  slice_id bigint       not null,
  hash     char(64)     character set ascii not null comment 'SHA-256 of the record as received',
  reason   varchar(200) not null,
  primary key (sweep_id, slice_id, hash),
  foreign key (sweep_id) references sweep (id) on delete cascade
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists source_field (
  path          varchar(100) character set ascii collate ascii_bin not null
    comment 'names that lead to the field; never a value',
  type          varchar(8)   character set ascii not null comment 'object, array, string, number, boolean, null',
  first_seen_at datetime(3)  not null,
  last_seen_at  datetime(3)  not null,
  primary key (path, type)
) engine = InnoDB default character set utf8mb4 comment = 'Relais: fields of the source''s records';

create table if not exists lease (
  name        varchar(32)  character set ascii not null,
  holder      varchar(200) not null,
  fence       bigint       not null default 0
    comment 'fencing token, which only grows; writes of an earlier holder are refused',
  expires_at  datetime(3)  not null,
  database_id char(36)     character set ascii not null comment 'permanent id of this database',
  primary key (name)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

insert ignore into lease (name, holder, expires_at, database_id) values ('sweep', '', '2000-01-01 00:00:00', uuid());
-- The process that delivers events locks this row; its other columns have no meaning.
insert ignore into lease (name, holder, expires_at, database_id) values ('events', '', '2000-01-01 00:00:00', '');
-- When a process begins a self-audit, no other process does until expires_at.
insert ignore into lease (name, holder, expires_at, database_id)
values ('self-audit', '', '2000-01-01 00:00:00', '');

create table if not exists account (
  credentials char(8)      character set ascii not null comment 'digest that identifies the account; reveals no secret',
  state       varchar(16)  character set ascii not null comment 'ACTIVE, SUSPECT, SUSPENDED',
  since       datetime(3)  not null,
  reason      varchar(500) null,
  probe_at    datetime(3)  null comment 'earliest time of the next call, while suspended',
  primary key (credentials)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

-- The last alert that each destination got about each problem, so that it gets each alert once, also after a restart.

create table if not exists alert (
  destination   varchar(16) character set ascii not null
    comment 'uri, mail, webhook: the setting relais.alert.* that has the address',
  kind          varchar(32) character set ascii not null comment 'account, mirror, held-sweep, ...',
  subject       varchar(32) character set ascii not null default ''
    comment 'number of the notice that the problem is about; empty for a kind that has one problem at a time',
  state         varchar(64) character set ascii not null comment 'state of the problem in the last alert',
  at            datetime(3) not null comment 'when the watch noticed this state',
  delivered     boolean     not null default false
    comment 'false while the alert, or the notice that the problem is resolved, is still to be delivered',
  claimed_until datetime(3) null comment 'end of the claim of the process that sends the alert or died meanwhile',
  primary key (destination, kind, subject)
) engine = InnoDB comment = 'Relais';

-- The events that wait for delivery. Delivered events are deleted.

create table if not exists outbox (
  id        bigint      not null auto_increment comment 'in the order of the changes of each offer',
  event     varchar(16) character set ascii not null
    comment 'offer.created, offer.updated, offer.removed, replay-started, replay-ended, replay-needed',
  offer_id  varchar(64) character set ascii collate ascii_bin null comment 'null for the events about a replay',
  sweep_id  bigint      null comment 'the sweep that changed the offer',
  at        datetime(3) not null,
  delivered boolean     not null default false comment 'true only for replay-needed, which stays until a replay',
  primary key (id),
  key outbox_at (at),
  key outbox_event (event)
) engine = InnoDB comment = 'Relais';

-- The views of offers, counted by month, and the monthly reports (licence, article 5.4). Neither the address nor the
-- user agent of a visitor is stored.

create table if not exists view_count (
  month       date        not null comment 'first day of the month',
  offer_id    varchar(64) character set ascii collate ascii_bin not null
    comment 'empty for all offers that were not in the mirror',
  reporter    varchar(64) character set ascii collate ascii_bin not null default ''
    comment 'name of the API key with which the views were reported; empty for own pages, files and queues',
  views       bigint      not null default 0,
  robots      bigint      not null default 0 comment 'views by robots, included in views',
  late_views  bigint      not null default 0 comment 'views of earlier months that were already frozen',
  late_robots bigint      not null default 0 comment 'late views by robots, included in late_views',
  primary key (month, offer_id, reporter)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists view_day (
  day      date        not null comment 'in relais.report.zone',
  reporter varchar(64) character set ascii collate ascii_bin not null default '' comment 'as in view_count',
  views    bigint      not null default 0 comment 'views of all offers, including late views',
  robots   bigint      not null default 0 comment 'views by robots, included in views',
  primary key (day, reporter)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists view_key (
  hash       binary(16)  not null comment 'hash of the reporter and the idempotency key of a view',
  counted_at datetime(3) not null,
  primary key (hash),
  key view_key_counted_at (counted_at)
) engine = InnoDB comment = 'Relais';

create table if not exists monthly_report (
  month           date         not null comment 'first day of the month',
  state           varchar(16)  character set ascii not null
    comment 'open, prepared, submitting, accepted, confirmed, failed',
  opened_at       datetime(3)  not null,
  prepared_at     datetime(3)  null,
  with_robots     boolean      not null default false comment 'whether views by robots are reported',
  with_zeros      boolean      not null default false comment 'whether offers without any view are reported',
  views           bigint       not null default 0 comment 'reported views, including late views of earlier months',
  offers          bigint       not null default 0 comment 'number of offers in the report',
  robots          bigint       not null default 0,
  unknown         bigint       not null default 0 comment 'views of offers that were not in the mirror; not reported',
  sha256          char(64)     character set ascii null comment 'SHA-256 of the CSV',
  attempts        int          not null default 0,
  next_attempt_at datetime(3)  null,
  submitted_at    datetime(3)  null,
  accepted_at     datetime(3)  null,
  reply           varchar(500) null comment 'last reply of the mail server',
  reason          varchar(500) null,
  reduced_at      datetime(3)  null comment 'when the counts of each offer were deleted',
  anchor          varchar(100) character set ascii null comment 'place of the freeze in the ledger: number:hash',
  primary key (month)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists api_key (
  name       varchar(64) character set ascii collate ascii_bin not null,
  role       varchar(16) character set ascii not null
    comment 'SITE: opens the API, OPERATOR: opens the console, AUDITOR: opens the console for reading',
  hash       binary(32)  not null comment 'SHA-256 of the key',
  created_at datetime(3) not null,
  primary key (name),
  unique key api_key_hash (hash)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

-- The changelog: the method and the publication (licence, article 4).

create table if not exists method (
  version int         not null auto_increment,
  since   datetime(3) not null,
  sha256  char(64)    character set ascii not null comment 'SHA-256 of the text',
  text    longtext    not null,
  primary key (version)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists publication (
  id               tinyint      not null comment 'always 1',
  feed             char(36)     character set ascii not null comment 'permanent id of the Atom feed',
  sha256           char(64)     character set ascii null comment 'digest of what was last published, and where',
  published_at     datetime(3)  null,
  attempts         int          not null default 0 comment 'failed or running attempts since published_at',
  first_attempt_at datetime(3)  null comment 'time of the first of these attempts',
  reason           varchar(500) null comment 'reason of the last failure',
  claimed_until    datetime(3)  null comment 'end of the claim of the process that publishes or died while publishing',
  primary key (id)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

insert ignore into publication (id, feed) values (1, uuid());

-- What clients opened today. Through these tables all processes share one budget, also after a restart (licence,
-- article 3.1). No address is stored, and no offer's id in clear. When the day is over, only the offers that most
-- clients opened are carried over to the next day.

create table if not exists opening_day (
  day  date       not null comment 'in Europe/Paris',
  salt binary(32) not null comment 'salt of the clients'' pseudonyms; without it no pseudonym can be traced back',
  primary key (day)
) engine = InnoDB comment = 'Relais';

create table if not exists opening (
  id     bigint     not null auto_increment comment 'in the order of the commits, because writers lock the day',
  day    date       not null,
  node   bigint     not null comment 'the process that granted the opening',
  client binary(16) not null comment 'pseudonym of the client; its beginning stands for the prefix',
  offer  binary(8)  not null comment 'first 64 bits of the SHA-256 of the offer''s id',
  kind   tinyint    not null comment '0 familiar, 1 free, 2 drawn from the pool, 3 with a key',
  primary key (id)
) engine = InnoDB comment = 'Relais';

create table if not exists familiar_offer (
  day   date      not null comment 'day on which the offer is familiar, because many clients opened it the day before',
  offer binary(8) not null comment 'first 64 bits of the SHA-256 of the offer''s id',
  primary key (day, offer)
) engine = InnoDB comment = 'Relais';

-- The ledger: what Relais did, for an audit (licence, article 13). Rows are only added. No row has content or an id of
-- an offer, or a secret.

create table if not exists ledger (
  number bigint   not null comment 'from 1, without a gap',
  text   longtext character set utf8mb4 collate utf8mb4_bin not null
    comment 'JSON in one line, with the hash of the previous entry',
  hash   char(64) character set ascii collate ascii_bin not null comment 'SHA-256 of the text in hexadecimal',
  primary key (number)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists ledger_head (
  id     tinyint  not null comment 'always 1',
  number bigint   not null comment 'number of the last entry',
  hash   char(64) character set ascii collate ascii_bin not null comment 'hash of the last entry',
  primary key (id)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

insert ignore into ledger_head (id, number, hash) values (1, 0, repeat('0', 64));

-- The licence register: notices of new versions of the licence (article 2) and of changes of the API (article 3.2).
-- Rows are never deleted.

create table if not exists licence_notice (
  id           bigint       not null auto_increment,
  version      varchar(32)  character set ascii collate ascii_bin not null,
  informed_on  date         not null comment 'in Europe/Paris',
  file         varchar(255) not null comment 'name of the file with the text, which is not stored',
  sha256       char(64)     character set ascii not null comment 'SHA-256 of this file',
  recorded_at  datetime(3)  not null,
  recorded_by  varchar(64)  not null,
  decision     varchar(16)  character set ascii null comment 'ACCEPTED, REFUSED; null while nobody has decided',
  decided_at   datetime(3)  null,
  decided_by   varchar(64)  null,
  withdrawn_at datetime(3)  null comment 'when the notice was withdrawn because it was a mistake',
  withdrawn_by varchar(64)  null,
  standing     varchar(32)  character set ascii collate ascii_bin
    as (if(withdrawn_at is null, version, null)) persistent comment 'the version, unless the notice is withdrawn',
  primary key (id),
  unique key licence_notice_standing (standing)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

create table if not exists api_change (
  id           bigint       not null auto_increment,
  informed_on  date         not null comment 'in Europe/Paris',
  effective_on date         not null comment 'day from which the API is changed, in Europe/Paris',
  summary      varchar(500) not null,
  recorded_at  datetime(3)  not null,
  recorded_by  varchar(64)  not null,
  withdrawn_at datetime(3)  null comment 'when the notice was withdrawn because it was a mistake',
  withdrawn_by varchar(64)  null,
  primary key (id)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

-- What a proved sweep has read, and the Merkle root of the mirror after it. The hash of each certificate is in the
-- ledger.

create table if not exists certificate (
  sweep_id bigint   not null,
  text     longtext character set ascii collate ascii_bin not null comment 'JSON in one line',
  sha256   char(64) character set ascii collate ascii_bin not null comment 'SHA-256 of the text in hexadecimal',
  primary key (sweep_id),
  foreign key (sweep_id) references sweep (id) on delete cascade
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

-- The end of the licence (article 9). While the mirror is sealed, nothing is fetched or shown.

create table if not exists seal (
  id     tinyint      not null comment 'always 1',
  state  varchar(16)  character set ascii not null comment 'open, sealed, wiping, wiped',
  since  datetime(3)  null comment 'when the mirror was sealed or opened again; null before',
  reason varchar(500) null,
  primary key (id)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

insert ignore into seal (id, state) values (1, 'open');

create table if not exists wiped (
  name   varchar(200) not null comment 'a table that the present wipe empties, or files',
  number bigint       not null comment 'rows or files that the wipe has deleted so far',
  primary key (name)
) engine = InnoDB default character set utf8mb4 comment = 'Relais';

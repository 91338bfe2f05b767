-- Each statement commits by itself: after a crash all are run again, so each must stand being repeated.
-- Instants are UTC. Ids compare byte by byte. Nothing here survives the removal of the offer it speaks of.

-- The mirror, its sweeps and the account.

create table if not exists offer (
  id                 varchar(64)  character set ascii collate ascii_bin not null,
  origine            varchar(8)   character set ascii collate ascii_bin not null comment '1: the operator''s own, 2: a partner''s',
  date_creation      datetime(3)  null,
  date_actualisation datetime(3)  null,
  intitule           varchar(500) null,
  rome_code          varchar(20)  null,
  commune            varchar(20)  null,
  code_postal        varchar(20)  null,
  type_contrat       varchar(20)  null,
  content            longtext     character set utf8mb4 collate utf8mb4_bin not null comment 'JSON as received, byte for byte',
  fingerprint        binary(32)   not null comment 'SHA-256 of the canonical JSON',
  digest             binary(32)   not null comment 'SHA-256 of the bytes as received',
  created_sweep      bigint       not null,
  changed_sweep      bigint       not null,
  primary key (id),
  key offer_comparison (id, origine, digest, fingerprint),
  key offer_changed_sweep (changed_sweep, created_sweep)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_unicode_ci
  comment = 'Licence de réutilisation de la base de données des offres d''emploi collectées par Pôle emploi';

create table if not exists sweep (
  id           bigint       not null auto_increment,
  origines     varchar(32)  character set ascii not null,
  started_at   datetime(3)  not null,
  ended_at     datetime(3)  null,
  state        varchar(16)  character set ascii not null
    comment 'reading, removing, proved, held, incomplete, abandoned, restored',
  fence        bigint       not null comment 'of the lease under which it runs',
  approved     boolean      not null default false comment 'a person has approved its removals',
  reason       varchar(500) null,
  calls        bigint       not null default 0,
  created      int          not null default 0,
  updated      int          not null default 0,
  unchanged    int          not null default 0,
  removed      int          not null default 0,
  out_of_scope int          not null default 0,
  kept         int          not null default 0,
  set_aside    int          not null default 0,
  primary key (id)
) engine = InnoDB default character set utf8mb4;

create table if not exists slice (
  id           bigint       not null auto_increment,
  sweep_id     bigint       not null,
  origine      varchar(8)   character set ascii not null,
  created_from datetime     not null,
  created_to   datetime     not null,
  facets       varchar(500) character set ascii not null,
  previous     int          null comment 'offers that the last proved sweep found in it',
  expected     int          null comment 'offers that it is thought to hold',
  zone         int          null comment 'hours by which labels are ahead of the filter',
  tail         text         character set ascii null comment 'ids read ahead at the end of the window, while planned',
  state        varchar(16)  character set ascii not null comment 'planned, reading, proved, split, unproved',
  total        int          null,
  reason       varchar(500) null,
  primary key (id),
  key slice_state (sweep_id, state),
  foreign key (sweep_id) references sweep (id) on delete cascade
) engine = InnoDB default character set utf8mb4;

create table if not exists sighting (
  sweep_id bigint      not null,
  offer_id varchar(64) character set ascii collate ascii_bin not null,
  primary key (sweep_id, offer_id)
) engine = InnoDB;

create table if not exists removal (
  sweep_id bigint      not null,
  offer_id varchar(64) character set ascii collate ascii_bin not null,
  outcome  varchar(16) character set ascii not null comment 'pending, removed, kept, unknown, out of scope',
  primary key (sweep_id, offer_id)
) engine = InnoDB;

create table if not exists set_aside (
  sweep_id bigint       not null,
  slice_id bigint       not null,
  hash     char(64)     character set ascii not null comment 'SHA-256 of the record as received',
  reason   varchar(200) not null,
  primary key (sweep_id, hash),
  foreign key (sweep_id) references sweep (id) on delete cascade
) engine = InnoDB default character set utf8mb4;

create table if not exists lease (
  name       varchar(32)  character set ascii not null,
  holder     varchar(200) not null,
  fence      bigint       not null default 0
    comment 'grows each time the lease is taken, so that a former holder is known by a smaller one',
  expires_at datetime(3)  not null,
  primary key (name)
) engine = InnoDB default character set utf8mb4;

insert ignore into lease (name, holder, expires_at) values ('sweep', '', '2000-01-01 00:00:00');

create table if not exists account (
  credentials char(8)      character set ascii not null comment 'tells accounts apart; no secret can be found from it',
  state       varchar(16)  character set ascii not null comment 'ACTIVE, SUSPECT, SUSPENDED',
  since       datetime(3)  not null,
  reason      varchar(500) null,
  probe_at    datetime(3)  null comment 'no call before then, while suspended',
  primary key (credentials)
) engine = InnoDB default character set utf8mb4;

create table if not exists restore_fence (
  created_at bigint not null comment 'when the server made this table, seconds since 1970: another time after a restore'
) engine = InnoDB;

-- Views of offers, counted by month, and the monthly reports of them (licence, article 5.4). No address and no agent of a visitor.

create table if not exists view_count (
  month       date        not null comment 'its first day',
  offer_id    varchar(64) character set ascii collate ascii_bin not null comment 'empty: offers that were not in the mirror',
  views       bigint      not null default 0,
  robots      bigint      not null default 0 comment 'of these',
  late_views  bigint      not null default 0 comment 'of earlier months, whose report was made before',
  late_robots bigint      not null default 0 comment 'of these',
  primary key (month, offer_id)
) engine = InnoDB default character set utf8mb4;

create table if not exists view_key (
  hash       binary(16)  not null comment 'of the key of an event that was counted',
  counted_at datetime(3) not null,
  primary key (hash),
  key view_key_counted_at (counted_at)
) engine = InnoDB;

create table if not exists monthly_report (
  month           date         not null comment 'its first day',
  state           varchar(16)  character set ascii not null comment 'open, prepared, submitting, accepted, confirmed, failed',
  opened_at       datetime(3)  not null,
  prepared_at     datetime(3)  null,
  with_robots     boolean      not null default false comment 'whether views by robots are reported too',
  with_zeros      boolean      not null default false comment 'whether offers without any view are reported too',
  views           bigint       not null default 0 comment 'as reported, those of earlier months among them',
  offers          bigint       not null default 0 comment 'lines of offers in the report',
  robots          bigint       not null default 0,
  unknown         bigint       not null default 0 comment 'views of offers that were not in the mirror; not reported',
  sha256          char(64)     character set ascii null comment 'of the CSV',
  attempts        int          not null default 0,
  next_attempt_at datetime(3)  null,
  submitted_at    datetime(3)  null,
  accepted_at     datetime(3)  null,
  reply           varchar(500) null comment 'what the mail server said last',
  reason          varchar(500) null,
  reduced_at      datetime(3)  null comment 'since when only these totals remain',
  primary key (month)
) engine = InnoDB default character set utf8mb4;

create table if not exists api_key (
  name       varchar(64) character set ascii not null,
  hash       binary(32)  not null comment 'SHA-256 of the key',
  created_at datetime(3) not null,
  primary key (name),
  unique key api_key_hash (hash)
) engine = InnoDB default character set utf8mb4;

-- What the public may read of the mirror: the method, and the offers that we modified (licence, article 4). No word of any offer.

create table if not exists method (
  version int         not null auto_increment,
  since   datetime(3) not null,
  sha256  char(64)    character set ascii not null comment 'of the text',
  text    longtext    not null,
  primary key (version)
) engine = InnoDB default character set utf8mb4;

create table if not exists modification (
  offer_id varchar(64) character set ascii collate ascii_bin not null comment 'transform-offer was called for it',
  sweep_id bigint      not null comment 'the last one that did',
  primary key (offer_id),
  foreign key (offer_id) references offer (id) on delete cascade
) engine = InnoDB;

create table if not exists publication (
  id               tinyint      not null comment 'always 1',
  feed             char(36)     character set ascii not null comment 'by which readers of the feed know it',
  sha256           char(64)     character set ascii null comment 'of what was last published, and where',
  published_at     datetime(3)  null,
  attempts         int          not null default 0 comment 'since then, without success',
  first_attempt_at datetime(3)  null comment 'of these',
  reason           varchar(500) null comment 'of the last failure',
  claimed_until    datetime(3)  null comment 'a process is publishing, or died at it',
  primary key (id)
) engine = InnoDB default character set utf8mb4;

insert ignore into publication (id, feed) values (1, uuid());

-- What clients opened today, so that several processes, and one that starts again, share one budget (licence, article 3.1). No
-- address, and no id of an offer in clear; nothing is left when the day is over but which offers many people opened.

create table if not exists opening_day (
  day  date       not null comment 'in Europe/Paris',
  salt binary(32) not null comment 'makes tokens of clients; with it goes the way from an address to a token',
  primary key (day)
) engine = InnoDB;

create table if not exists opening (
  id     bigint     not null auto_increment comment 'in the order of the commits, which wait for the lock of the day',
  day    date       not null,
  node   bigint     not null comment 'the process that wrote it',
  client binary(16) not null comment 'token',
  offer  binary(8)  not null comment 'of the digest of its id',
  kind   tinyint    not null comment '0 familiar, 1 free, 2 drawn from the pool, 3 by a key',
  primary key (id)
) engine = InnoDB;

create table if not exists familiar_offer (
  day   date      not null comment 'on which everybody may open it, because many did so the day before',
  offer binary(8) not null comment 'of the digest of its id',
  primary key (day, offer)
) engine = InnoDB;

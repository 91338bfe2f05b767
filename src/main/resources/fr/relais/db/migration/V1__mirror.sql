-- Each statement commits by itself: after a crash all are run again, so each must stand being repeated.
-- Instants are UTC. Ids compare byte by byte. Nothing here survives the removal of the offer it speaks of.

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
  state        varchar(16)  character set ascii not null comment 'reading, removing, proved, held, incomplete, abandoned',
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
  expires_at datetime(3)  not null,
  primary key (name)
) engine = InnoDB default character set utf8mb4;

insert ignore into lease (name, holder, expires_at) values ('sweep', '', '2000-01-01 00:00:00');

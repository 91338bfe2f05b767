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
  forgotten_at    datetime(3)  null comment 'since then only these totals remain',
  primary key (month)
) engine = InnoDB default character set utf8mb4;

create table if not exists api_key (
  name       varchar(64) character set ascii not null,
  hash       binary(32)  not null comment 'SHA-256 of the key',
  created_at datetime(3) not null,
  primary key (name),
  unique key api_key_hash (hash)
) engine = InnoDB default character set utf8mb4;

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

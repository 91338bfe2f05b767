-- Each statement commits by itself. After a crash all statements run again, so each must be repeatable.

alter table sweep
  add column if not exists undecided int not null default 0
    comment 'offers that were not seen and for which the source gave no usable answer; included in kept' after kept;

alter table removal modify outcome varchar(16) character set ascii not null
  comment 'pending, gone, removed, kept, undecided, out of scope, failed (hook)';

create table if not exists undecided (
  offer_id varchar(64) character set ascii collate ascii_bin not null,
  since    datetime(3) not null comment 'start of the sweep since which the offer has been undecided',
  primary key (offer_id),
  foreign key (offer_id) references offer (id) on delete cascade
) engine = InnoDB;

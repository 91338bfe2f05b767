package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import fr.relais.simulator.OfferGenerator;
import fr.relais.simulator.SimulatorOptions;
import fr.relais.simulator.SourceSimulator;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A database that was restored from a backup. It may have offers that the source has removed since, so the mirror is
 * not fresh until a sweep is proved.
 */
class RestoreIT {

    private SourceSimulator source;
    private Mirror mirror;

    @BeforeEach
    void start() throws Exception {
        source = SourceSimulator.start(SimulatorOptions.defaults());
        new OfferGenerator(1).fill(source.base(), 100, Instant.now(), Duration.ofDays(60), "1");
        mirror = Mirror.of(source).start();
        mirror.sweep();
        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    @AfterEach
    void stop() {
        mirror.close();
        source.close();
    }

    @Test
    void the_mirror_stays_fresh_after_a_restart_without_a_restore() throws Exception {
        mirror.start();

        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    @Test
    void a_restore_while_the_process_runs_is_noticed() {
        mirror.sweep();
        mirror.watch();
        mirror.jdbc.sql("update lease set fence = 1").update();
        mirror.watch();

        assertNotFreshUntilProved();
    }

    @Test
    void a_restore_from_a_dump_is_noticed_at_the_next_start() throws Exception {
        mirror.stop();
        // Like a dump that is restored, this recreates the table with the same rows. Creation times have whole seconds.
        long createdBefore = createdAt();
        mirror.jdbc
                .sql("create table rows_before as select * from restore_fence")
                .update();
        await().atMost(Duration.ofSeconds(5)).until(() -> {
            mirror.jdbc.sql("drop table restore_fence").update();
            mirror.jdbc
                    .sql("create table restore_fence (created_at bigint not null)")
                    .update();
            return createdAt() != createdBefore;
        });
        mirror.jdbc.sql("insert into restore_fence select * from rows_before").update();

        mirror.start();

        assertNotFreshUntilProved();
        mirror.start();
        assertThat(state()).as("the restore is noticed only once").isEqualTo(Freshness.State.FRESH);
    }

    private void assertNotFreshUntilProved() {
        assertThat(mirror.relais().freshness().read())
                .isEqualTo(new Freshness.Reading(Freshness.State.WITHDRAWN, null, null));
        assertThat(mirror.sweep().state()).isEqualTo(SweepState.PROVED);
        assertThat(state()).isEqualTo(Freshness.State.FRESH);
    }

    private long createdAt() {
        return mirror.jdbc
                .sql("select unix_timestamp(create_time) from information_schema.tables"
                        + " where table_schema = database() and table_name = 'restore_fence'")
                .query(Long.class)
                .single();
    }

    private Freshness.State state() {
        return mirror.relais().freshness().read().state();
    }
}

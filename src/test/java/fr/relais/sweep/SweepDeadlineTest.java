package fr.relais.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SweepDeadlineTest {

    private final AtomicLong progress = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final SweepDeadline deadline = new SweepDeadline(progress::get, () -> ended.set(true));

    @Test
    void a_sweep_without_progress_ends_at_the_deadline() {
        check(SweepDeadline.RENEWALS);
        assertThat(ended).isFalse();

        check(1);
        assertThat(ended).isTrue();
    }

    @Test
    void progress_extends_the_deadline() {
        check(SweepDeadline.RENEWALS);
        progress.incrementAndGet();
        check(SweepDeadline.RENEWALS);

        assertThat(ended).isFalse();
    }

    private void check(int times) {
        for (int i = 0; i < times; i++) {
            deadline.check();
        }
    }
}

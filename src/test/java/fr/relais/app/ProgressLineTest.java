package fr.relais.app;

import static org.assertj.core.api.Assertions.assertThat;

import fr.relais.sweep.Progress;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

    @Test
    void the_remaining_time_is_unknown_before_anything_is_read() {
        assertThat(ProgressLine.format(new Progress(0, 0, 0, 0, 0), Duration.ZERO))
                .isEqualTo("[..............................]   0 %  0/0 slices  0/0 offers  0 calls"
                        + "  0.0 calls/s  left: unknown");
        assertThat(ProgressLine.format(new Progress(0, 3, 0, 500_000, 2), Duration.ofSeconds(4)))
                .isEqualTo("[..............................]   0 %  0/3 slices  0/500,000 offers  2 calls"
                        + "  0.5 calls/s  left: unknown");
    }

    @Test
    void the_line_shows_the_progress_and_the_remaining_time_at_this_pace() {
        assertThat(ProgressLine.format(new Progress(40, 160, 125_000, 500_000, 900), Duration.ofSeconds(90)))
                .isEqualTo("[#######.......................]  25 %  40/160 slices  125,000/500,000 offers  900 calls"
                        + "  10.0 calls/s  left: 270 s");
    }

    @Test
    void the_bar_is_full_at_the_end() {
        assertThat(ProgressLine.format(new Progress(160, 160, 500_000, 500_000, 3_400), Duration.ofSeconds(340)))
                .isEqualTo("[##############################] 100 %  160/160 slices  500,000/500,000 offers  3400 calls"
                        + "  10.0 calls/s  left: 0 s");
    }

    @Test
    void the_bar_stays_full_when_more_offers_come_than_expected() {
        assertThat(ProgressLine.format(new Progress(1, 1, 30, 20, 1), Duration.ofSeconds(1)))
                .startsWith("[##############################] 100 %")
                .endsWith("left: 0 s");
    }

    @Test
    void the_line_is_the_same_in_all_locales() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.FRANCE);

            assertThat(ProgressLine.format(new Progress(1, 2, 1_500, 3_000, 10), Duration.ofSeconds(4)))
                    .contains("1,500/3,000 offers", "2.5 calls/s");
        } finally {
            Locale.setDefault(before);
        }
    }
}

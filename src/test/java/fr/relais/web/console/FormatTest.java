package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatTest {

    @ParameterizedTest
    @CsvSource({
        "PT2.24S, 2.2 s, '2,2 s'",
        "PT10S, 10 s, 10 s",
        "PT1M, 1 min, 1 min",
        "PT61S, 1 min 1 s, 1 min 1 s",
        "PT24H, 24 h, 24 h",
        "PT47H59M, 47 h 59 min, 47 h 59 min",
        "PT48H, 48 h, 48 h",
        "PT48H1M, 2 days, 2 jours",
        "PT75H5M, 3 days 3 h, 3 jours 3 h",
        "PT-24H, −24 h, −24 h",
        ", –, –",
    })
    void durations_have_at_most_two_units_and_stay_on_one_line(Duration duration, String english, String french) {
        assertThat(new Format(Locale.ENGLISH).duration(duration)).isEqualTo(english.replace(' ', '\u00A0'));
        assertThat(new Format(Locale.FRENCH).duration(duration)).isEqualTo(french.replace(' ', '\u00A0'));
    }
}

package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.settings.Settings;
import fr.relais.source.Account;
import fr.relais.source.SourceDrift;
import fr.relais.source.SourceField;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.watch.Alert;
import fr.relais.watch.Alert.Kind;
import fr.relais.watch.Alert.Severity;
import fr.relais.web.Site;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.mock.env.MockEnvironment;

class NoticesTest {

    private final Site site = mock(Site.class, RETURNS_DEEP_STUBS);
    private final Settings settings = mock(Settings.class, RETURNS_DEEP_STUBS);
    private final Notices notices = new Notices(site, settings, new MockEnvironment());

    @BeforeEach
    void leaveSettingsOut() {
        when(settings.report().from()).thenReturn("");
        when(settings.display().xitiTag()).thenReturn("");
        when(settings.display().logo()).thenReturn(Optional.empty());
        drifts();
    }

    @ParameterizedTest
    @EnumSource
    void every_problem_has_texts_in_both_languages(Kind kind) {
        for (String state : states(kind).toList()) {
            Notice notice = Notices.notice(problem(kind, state, Severity.WARNING));

            for (Locale locale : List.of(Locale.ROOT, Locale.FRENCH)) {
                ResourceBundle texts = ResourceBundle.getBundle("fr.relais.console", locale);
                assertThat(texts.getString("notice.title." + notice.key())).isNotBlank();
                assertThat(texts.getString("notice.text." + notice.key())).isNotBlank();
                assertThat(texts.getString("level." + notice.level())).isNotBlank();
            }
            assertThat(notice.detail()).isEqualTo("What is wrong.");
            assertThat(notice.runbook()).isEqualTo("https://example.org/#" + kind);
        }
    }

    private static Stream<String> states(Kind kind) {
        return switch (kind) {
            case ACCOUNT ->
                Stream.of(Account.State.SUSPECT, Account.State.SUSPENDED)
                        .map(state -> state.name().toLowerCase(Locale.ROOT));
            case MIRROR ->
                Stream.concat(
                        Stream.of(Freshness.State.STALE, Freshness.State.WITHDRAWN)
                                .map(state -> state.name().toLowerCase(Locale.ROOT)),
                        Stream.of("restored", "unproved"));
            case EVENTS -> Stream.of("waiting", "lost");
            case LICENCE -> Stream.of("2-10-days", "2-in-force");
            default -> Stream.of("any");
        };
    }

    @Test
    void the_most_urgent_notice_is_first() {
        last(SweepState.HELD);
        problems(
                problem(Kind.CHANGELOG, "unpublished", Severity.INFO),
                problem(Kind.HELD_SWEEP, "7", Severity.WARNING),
                problem(Kind.MIRROR, "withdrawn", Severity.CRITICAL));
        when(settings.alerts().areOnlyLogged()).thenReturn(true);

        assertThat(notices.read())
                .extracting(Notice::key)
                .containsExactly("mirror.withdrawn", "held-sweep", "mail", "logged", "tag", "logo", "changelog");
        assertThat(notices.read()).extracting(Notice::page).startsWith("sweeps", "removals");
    }

    @Test
    void a_sweep_that_is_no_longer_held_needs_nobody() {
        last(SweepState.REMOVING);
        problems(problem(Kind.HELD_SWEEP, "7", Severity.WARNING));

        assertThat(notices.read()).extracting(Notice::key).doesNotContain("held-sweep");
    }

    @Test
    void alerts_that_do_not_arrive_need_a_person() {
        problems();
        when(site.relais().watch().isUndelivered()).thenReturn(true);

        assertThat(notices.read()).extracting(Notice::key).contains("undelivered");
    }

    @Test
    void a_new_or_retyped_field_of_the_source_is_shown_for_a_week() {
        Instant now = Instant.now();
        problems();

        drifts(drift(SourceDrift.Kind.MISSING, now), drift(SourceDrift.Kind.NEW, now.minus(Duration.ofDays(6))));
        assertThat(notices.read()).extracting(Notice::key).contains("fields");
        drifts(drift(SourceDrift.Kind.MISSING, now), drift(SourceDrift.Kind.RETYPED, now.minus(Duration.ofDays(8))));
        assertThat(notices.read()).extracting(Notice::key).doesNotContain("fields");
    }

    private void drifts(SourceDrift... drifts) {
        when(site.relais().sweeps().sourceShape())
                .thenReturn(new SourceDrift.Overview(9, Instant.EPOCH, List.of(drifts)));
    }

    private static SourceDrift drift(SourceDrift.Kind kind, Instant since) {
        return new SourceDrift(kind, "a", null, SourceField.Type.STRING, since);
    }

    private void problems(Alert... problems) {
        when(site.relais().watch().problems()).thenReturn(List.of(problems));
    }

    private void last(SweepState state) {
        SweepSummary sweep = new SweepSummary(7, Instant.EPOCH, state, null, Duration.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        when(site.relais().sweeps().last(1)).thenReturn(List.of(sweep));
    }

    private static Alert problem(Kind kind, String state, Severity severity) {
        return new Alert(
                kind,
                "",
                state,
                true,
                severity,
                Instant.EPOCH,
                "What is wrong.",
                "What it means.",
                "What to do.",
                "https://example.org/#" + kind);
    }
}

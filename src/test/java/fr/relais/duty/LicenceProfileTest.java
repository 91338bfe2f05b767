package fr.relais.duty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class LicenceProfileTest {

    private static final String CLAUSE = """
            name: Test
            clauses:
              - id: a
                article: "1"
                duty: Une phrase.
                mechanism: Une phrase.
                settings: []
                evidence: Une phrase.
                check: structure
            """;

    @TempDir
    private Path folder;

    @Test
    void the_packed_profile_has_every_article_that_obliges_and_every_check() {
        LicenceProfile profile = LicenceProfile.packed();

        assertThat(profile.isExample()).isFalse();
        assertThat(profile.clauses().stream().map(Clause::article).distinct())
                .containsExactly(
                        "1.1", "2", "3.1", "3.2", "4", "5.1", "5.2", "5.3", "5.4", "6", "7", "8", "9", "10", "13");
        assertThat(profile.clauses().stream().map(Clause::check).collect(Collectors.toSet()))
                .isEqualTo(EnumSet.complementOf(EnumSet.of(Check.NO_LOGO)));
    }

    @Test
    void the_example_says_that_it_is_one_and_has_neither_the_csv_nor_the_logo() {
        LicenceProfile profile = LicenceProfile.packed("example.yaml");

        assertThat(profile.isExample()).isTrue();
        assertThat(profile.clauses()).extracting(Clause::check).contains(Check.NO_LOGO);
        assertThat(profile.clauses()).extracting(Clause::check).doesNotContain(Check.LOGO, Check.MONTHLY_REPORT);
    }

    @Test
    void the_packed_profiles_name_settings_that_exist() {
        Set<String> named = Stream.of(LicenceProfile.packed(), LicenceProfile.packed("example.yaml"))
                .flatMap(profile -> profile.clauses().stream())
                .flatMap(clause -> clause.settings().stream())
                .filter(setting -> setting.startsWith("relais."))
                .collect(Collectors.toSet());

        assertThat(Settings.names()).containsAll(named);
    }

    @Test
    void a_clause_can_name_the_pages_with_its_evidence() throws Exception {
        assertThat(LicenceProfile.of(file(CLAUSE + "    pages: [/console/ledger, /]\n"))
                        .clauses()
                        .get(0)
                        .pages())
                .containsExactly("/console/ledger", "/");
        assertThatThrownBy(() -> LicenceProfile.of(file(CLAUSE + "    pages: [//example.org]\n")))
                .hasMessageContaining("pages must be paths such as /console/ledger");
    }

    @ParameterizedTest
    @CsvSource({"2026-12-31T22:59:59.999Z, false", "2026-12-31T23:00:00Z, true"})
    void a_profile_is_used_from_midnight_in_paris(Instant at, boolean isEffective) throws Exception {
        LicenceProfile profile = LicenceProfile.of(file(CLAUSE + "effectiveOn: 2027-01-01\n"));

        assertThat(profile.isEffective(at)).isEqualTo(isEffective);
        assertThat(LicenceProfile.of(file(CLAUSE)).isEffective(at)).isTrue();
    }

    @Test
    void a_clause_that_does_not_apply_has_a_reason_an_author_and_a_date() throws Exception {
        Path file = file(CLAUSE + "    notApplicable: {reason: Aucun rapprochement, author: Anna, date: 2026-11-25}\n");

        assertThat(LicenceProfile.of(file).clauses().get(0).exemption())
                .contains(new Clause.Exemption("Aucun rapprochement", "Anna", LocalDate.parse("2026-11-25")));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of("check: structure", "check: strukture", ":9: check is \"strukture\" and takes one of ["),
                Arguments.of("article: \"1\"", "article:", ":4: article must be a text"),
                Arguments.of("duty: Une", "dutty: Une", ":5: there is no field \"dutty\" in a clause"),
                Arguments.of("settings: []", "settings: x", ":7: settings must be a list"),
                Arguments.of("name: Test", "example: true", ":1: the profile has no field \"name\""),
                Arguments.of("name: Test", "name: [", "it is not YAML"),
                Arguments.of(
                        "structure", "structure\n    notApplicable: {reason: x}", ":10: notApplicable has no field"),
                Arguments.of("clauses:", "example: yes\nclauses:", ":2: example must be true or false"),
                Arguments.of("clauses:", "effectiveOn: 2027-13-01\nclauses:", ":2: effectiveOn must be a date"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_reported_with_file_line_and_field(String correct, String wrong, String message) throws Exception {
        Path file = file(CLAUSE.replace(correct, wrong));

        assertThatThrownBy(() -> LicenceProfile.of(file))
                .isInstanceOf(InvalidProfile.class)
                .hasMessageStartingWith("Licence profile " + file)
                .hasMessageContaining(message);
    }

    @Test
    void two_clauses_with_the_same_id_an_empty_file_and_a_missing_one_are_refused() throws Exception {
        Path twice = file(CLAUSE + CLAUSE.substring(CLAUSE.indexOf("  - id")));
        assertThatThrownBy(() -> LicenceProfile.of(twice)).hasMessageContaining(":10: there are two clauses");
        Path empty = file("");
        assertThatThrownBy(() -> LicenceProfile.of(empty)).hasMessageContaining("it is empty");
        Path missing = folder.resolve("missing.yaml");
        assertThatThrownBy(() -> LicenceProfile.of(missing)).hasMessageContaining("NoSuchFileException");
    }

    private Path file(String text) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "profile", ".yaml"), text);
    }
}

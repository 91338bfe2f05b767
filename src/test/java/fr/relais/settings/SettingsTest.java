package fr.relais.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    private static final String ID = "relais.source.client-id";
    private static final String SECRET = "relais.source.client-secret";

    @Test
    void all_settings_except_the_account_have_defaults() {
        Settings settings = with();

        assertThat(settings.source().clientId()).isEqualTo("PAR_test");
        assertThat(settings.source().clientSecret()).isEqualTo("s3cr3t");
        assertThat(settings.source().origins()).containsExactly("1");
        assertThat(settings.source().callsPerSecond()).isEqualTo(10);
        assertThat(settings.source().concurrency()).isEqualTo(8);
        assertThat(settings.source().pageSize()).isEqualTo(150);
        assertThat(settings.source().window()).isEqualTo(3150);
        assertThat(settings.removal().guardShare()).isEqualTo(0.02);
        assertThat(settings.removal().guardNumber()).isEqualTo(1_000);
        assertThat(settings.removal().guardFactor()).isEqualTo(5);
        assertThat(settings.routes()).isEmpty();
        assertThat(settings.source().scope()).isEqualTo("api_offresdemploiv2 o2dsoffre");
        assertThat(settings.source().baseUrl()).isEqualTo("https://api.francetravail.io/partenaire/offresdemploi");
    }

    @Test
    void a_password_of_the_console_that_is_too_short_is_refused_without_quoting_it() {
        assertThat(with("relais.console.password", "twelve chars").consolePassword())
                .contains("twelve chars");
        assertThat(with("relais.console.password", "twelve chars").placeholders())
                .doesNotContainKey("relais.console.password");
        assertThatThrownBy(() -> with("relais.console.password", "eleven char"))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageContaining("relais.console.password")
                .hasMessageNotContaining("eleven");
    }

    @Test
    void what_is_shown_of_the_settings_has_no_secret() {
        Map<String, String> given = new HashMap<>();
        String canary = "zq9w-canary-zq9w";
        Settings.names().stream()
                .filter(name -> name.matches(".*(secret|client-id|password)"))
                .forEach(name -> given.put(name, canary));
        Settings.names().stream()
                .filter(name -> name.matches(".*(\\.|-)(uri|url|webhook|evidence)"))
                .forEach(name ->
                        given.put(name, "https://user:" + canary + "@example.org/" + canary + "?key=" + canary));

        given.put("relais.source.scope", "application_" + canary + " o2dsoffre");

        Map<String, String> shown = Settings.of(given).withoutSecrets();

        assertThat(given).hasSizeGreaterThan(12);
        assertThat(shown).hasSameSizeAs(Settings.names());
        assertThat(shown.toString()).doesNotContain("zq9w");
        assertThat(shown)
                .containsEntry("relais.source.client-secret", "…")
                .containsEntry("relais.source.scope", "application_… o2dsoffre")
                .containsEntry("relais.alert.webhook", "https://example.org")
                .containsEntry("relais.report.bcc", "")
                .containsEntry("relais.sweep.cron", "0 0 0/4 * * ?");
    }

    @Test
    void the_settings_are_the_keys_of_the_properties_file() throws Exception {
        try (InputStream file = getClass().getResourceAsStream("/fr/relais/relais.properties")) {
            List<String> keys = Pattern.compile("^([^#=\\s]+)=", Pattern.MULTILINE)
                    .matcher(new String(file.readAllBytes(), UTF_8))
                    .results()
                    .map(key -> key.group(1))
                    .toList();

            assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("relais(\\.[a-z]+(-[a-z]+)*)+"));
            assertThat(Settings.names()).containsExactlyInAnyOrderElementsOf(keys);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "relais.source.origins, '1,2', 2",
        "relais.source.origins, '2,1', 2",
        "relais.source.origins, '2,2', 1",
        "relais.source.origins, ' 2 ', 1"
    })
    void each_origin_is_listed_once(String name, String value, int origins) {
        assertThat(with(name, value).source().origins()).hasSize(origins).doesNotHaveDuplicates();
    }

    @Test
    void a_rate_of_zero_means_no_limit() {
        assertThat(with("relais.source.calls-per-second", "0").source().callsPerSecond())
                .isInfinite();
        assertThat(with("relais.source.calls-per-second", "0.5").source().callsPerSecond())
                .isEqualTo(0.5);
    }

    @Test
    void search_engines_are_a_list_of_domains_that_is_empty_by_default() {
        assertThat(with().budget().searchEngines()).isEmpty();
        assertThat(with("relais.budget.search-engines", "googlebot.com,search.msn.com")
                        .budget()
                        .searchEngines())
                .containsExactly("googlebot.com", "search.msn.com");
    }

    @Test
    void white_space_around_a_value_and_slashes_after_the_base_url_are_ignored() {
        assertThat(with("relais.source.page-size", " 100\n").source().pageSize())
                .isEqualTo(100);
        assertThat(with("relais.source.base-url", "http://localhost:8080/api// ")
                        .source()
                        .baseUrl())
                .isEqualTo("http://localhost:8080/api");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "relais.source.base-url | | takes an http or https address",
                "relais.source.base-url | api.francetravail.io | takes an http or https address",
                "relais.source.base-url | ftp://localhost | takes an http or https address",
                "relais.source.base-url | http:///offres | takes an http or https address",
                "relais.source.token-url | http://local host/ | takes an http or https address",
                "relais.source.origins | | takes 1, 2 or 1,2",
                "relais.source.origins | 3 | takes 1, 2 or 1,2",
                "relais.source.origins | 1, 2 | takes 1, 2 or 1,2",
                "relais.source.origins | 1,2,1 | takes 1, 2 or 1,2",
                "relais.source.calls-per-second | -1 | takes a number from 0 to 1000",
                "relais.source.calls-per-second | 1e3 | takes a number from 0 to 1000",
                "relais.source.calls-per-second | NaN | takes a number from 0 to 1000",
                "relais.source.calls-per-second | 1000.1 | takes a number from 0 to 1000",
                "relais.source.calls-per-second | ten | takes a number from 0 to 1000",
                "relais.source.concurrency | 0 | takes a whole number from 1 to 100",
                "relais.source.concurrency | 101 | takes a whole number from 1 to 100",
                "relais.source.concurrency | 8.0 | takes a whole number from 1 to 100",
                "relais.source.concurrency | 99999999999 | takes a whole number from 1 to 100",
                "relais.source.page-size | 0 | takes a whole number from 1 to 150",
                "relais.source.page-size | 151 | takes a whole number from 1 to 150",
                "relais.source.window | 149 | takes a whole number from 150 to 100000",
                "relais.source.window | 100001 | takes a whole number from 150 to 100000",
                "relais.sweep.on-start | yes | takes true or false",
                "relais.sweep.on-start | TRUE | takes true or false",
                "relais.removal.confirm | | takes true or false",
                "relais.display.xiti-tag | at_medium=partner | takes query parameters that contain {id}",
                "relais.display.xiti-tag | ?at_offer={id} | takes query parameters that contain {id}",
                "relais.display.xiti-tag | at_offer={id}& | takes query parameters that contain {id}",
                "relais.display.xiti-tag | at_offer={id}<b> | takes query parameters that contain {id}",
                "relais.display.logo | /nowhere/logo.svg | takes a file *.svg, *.png, *.jpg or *.webp",
                "relais.display.logo | pom.xml | takes a file *.svg, *.png, *.jpg or *.webp",
                "relais.display.licence-url | | takes an http or https address",
                "relais.display.public-url | offres.example | takes an http or https address",
                "relais.removal.guard | 1.1 | takes a share from 0 to 1",
                "relais.removal.guard | 0.5,few | takes a share from 0 to 1, and optionally, after commas, a number",
                "relais.removal.guard | 0.5,,5 | takes a share from 0 to 1, and optionally, after commas, a number",
                "relais.source.timeout | 60s | takes a whole number from 1 to 600000",
                "relais.source.retry-delay | 0 | takes a whole number from 1 to 60000",
                "relais.sweep.resume-within | -1h | takes a time such as",
                "relais.display.withdraw-after | 23h | takes a time of at least relais.display.banner-after",
                "relais.report.cron | monthly | takes a Quartz cron expression",
                "relais.report.zone | Mars/Olympus | takes a time zone",
                "relais.report.from | nobody | takes a mail address",
                "relais.report.to | | takes a mail address",
                "relais.report.keep | 35 | takes a time such as",
                "relais.report.period | 60 | takes a time such as",
                "relais.changelog.period | always | takes a time such as",
                "relais.watch.period | 1m30s | takes a time such as",
                "relais.views.folder-period | 5 s | takes a time such as",
                "relais.views.key-period | | takes a time such as",
                "relais.report.zero-views | no | takes true or false",
                "relais.views.key-window | two days | takes a time such as",
                "relais.views.robots | nowhere/regexes.yaml | takes a file that can be read",
                "relais.budget.requests-per-minute | 0 | takes a whole number from 1 to 100000",
                "relais.budget.offers | many | takes a whole number from 1 to 1000000",
                "relais.budget.unopened | 101 | takes a whole number from 0 to relais.budget.offers",
                "relais.budget.share | 15% | takes a number from 0 to 1",
                "relais.budget.key-offers | 0 | takes a whole number from 1 to 10000000",
                "relais.budget.search-engines | googlebot.com; | takes domains such as",
                "relais.alert.mail | nobody | takes mail addresses",
                "relais.alert.mail | anna@example.org; bob@example.org | takes mail addresses",
                "relais.removal.guard | 50% | takes a share from 0 to 1",
                "relais.removal.guard | | takes a share from 0 to 1"
            })
    void an_invalid_setting_is_named_with_the_values_that_it_takes(String name, String value, String takes) {
        String given = value == null ? "" : value;

        assertThatThrownBy(() -> with(name, given))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageStartingWith("Setting " + name + " is \"" + given + "\" and " + takes)
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void alerts_by_mail_need_a_sender_and_a_mail_server() {
        String mail = "relais.alert.mail";
        String to = "anna@example.org,bob@example.org";
        String from = "relais.report.from";
        String sender = "relais@example.org";

        assertThatThrownBy(() -> with(mail, to)).hasMessageContaining("needs a sender: set relais.report.from");
        assertThatThrownBy(() -> with(mail, to, from, sender))
                .hasMessageContaining("needs a mail server: set spring.mail.host");
        assertThat(with(mail, to, from, sender, "relais.report.uri", "smtp://mail.example.org")
                        .alerts()
                        .areOnlyLogged())
                .isFalse();
    }

    @Test
    void the_address_of_a_webhook_is_not_shown_because_it_may_contain_a_secret() {
        assertThatThrownBy(() -> with("relais.alert.webhook", "hooks.example.org/s3cr3t"))
                .hasMessageStartingWith("Setting relais.alert.webhook takes an http or https address")
                .hasMessageNotContaining("s3cr3t");

        assertThat(with().alerts().areOnlyLogged()).isTrue();
        assertThat(with("relais.alert.webhook", "https://hooks.example.org/s3cr3t")
                        .alerts()
                        .areOnlyLogged())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        ID + ", RELAIS_SOURCE_CLIENT_ID",
        SECRET + ", RELAIS_SOURCE_CLIENT_SECRET",
        "relais.changelog.uri, RELAIS_CHANGELOG_URI"
    })
    void a_missing_setting_is_named_with_its_environment_variable(String name, String variable) {
        for (String nothing : List.of("", " \t")) {
            assertThatThrownBy(() -> with(name, nothing))
                    .isInstanceOf(InvalidSetting.class)
                    .hasMessageContainingAll(name, "is missing", variable)
                    .hasMessageNotContaining("s3cr3t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"relais.source.client_id", "relais.sweep", "relais.source.page-size ", ""})
    void an_unknown_name_is_rejected_and_the_known_names_are_listed(String name) {
        assertThatThrownBy(() -> with(name, "s3cr3t"))
                .isInstanceOf(InvalidSetting.class)
                .hasMessageStartingWith("Setting " + name + " does not exist")
                .hasMessageContaining(String.join(", ", Settings.names()))
                .hasMessageNotContaining("s3cr3t");
    }

    @Test
    void routes_get_all_settings_except_the_secrets() {
        Settings settings = with("relais.sweep.on-start", "false");

        assertThat(settings.placeholders().stringPropertyNames())
                .doesNotContain(SECRET, "relais.console.password")
                .hasSize(Settings.names().size() - 2)
                .isSubsetOf(Settings.names());
        assertThat(settings.placeholders()).containsEntry("relais.sweep.on-start", "false");
        assertThat(settings.placeholders().toString()).doesNotContain("s3cr3t");
        assertThat(settings.toString()).doesNotContain("s3cr3t");
        assertThat(settings.source().toString()).doesNotContain("s3cr3t");
    }

    @Test
    void the_method_gets_the_settings_that_shape_the_mirror_and_no_credentials() {
        assertThat(with("relais.source.base-url", "https://user:pw@example.org:8443/api/?key=k")
                        .published())
                .containsEntry("relais.source.base-url", "https://example.org:8443/api/")
                .containsEntry("relais.source.origins", "1")
                .doesNotContainKeys(ID, SECRET, "relais.changelog.uri", "relais.report.evidence");
    }

    /**
     * Returns the defaults with an account and the given settings.
     *
     * @param given the name of a setting, its value, the name of the next one, and so on
     */
    private static Settings with(String... given) {
        Map<String, String> settings = new HashMap<>(Map.of(ID, "PAR_test", SECRET, "s3cr3t"));
        for (int i = 0; i < given.length; i += 2) {
            settings.put(given[i], given[i + 1]);
        }
        return Settings.of(settings);
    }
}

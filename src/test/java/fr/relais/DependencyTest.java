package fr.relais;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The permitted dependencies between packages. The packages of the pipeline are called nouns. */
class DependencyTest {

    private static final String[] NOUNS = {
        "..failure..",
        "..database..",
        "..source..",
        "..offer..",
        "..slice..",
        "..sweep..",
        "..views..",
        "..report..",
        "..licence..",
        "..duty..",
        "..ledger..",
        "..audit..",
        "..seal..",
        "..wipe..",
        "..changelog..",
        "..evidence..",
        "..events..",
        "..watch..",
        "..budget..",
        "..settings..",
        "..routes.."
    };

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("fr.relais");

    @Test
    void the_rules_cover_classes_of_every_noun() {
        for (String noun : NOUNS) {
            assertThat(MAIN.that(resideInAPackage(noun))).isNotEmpty();
        }
        assertThat(MAIN.that(resideInAPackage("..simulator.."))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "failure, ''",
        "database, ''",
        "source, ledger|failure",
        "offer, source|failure",
        "sweep, source|failure|ledger|seal",
        "slice, source|offer|sweep|failure",
        "views, source|failure|database",
        "report, views|licence|ledger|failure|database",
        "licence, ledger|seal|failure",
        "ledger, ''",
        "audit, source|offer|sweep|ledger",
        "duty, licence|settings|audit|source|sweep|report|changelog|ledger|failure",
        "changelog, licence|ledger|audit|sweep|failure|database",
        "evidence, changelog|sweep|ledger",
        "seal, ledger|failure",
        "wipe, seal|sweep|ledger|failure",
        "events, failure|database",
        "watch, source|seal|sweep|report|licence|changelog|events|failure",
        "budget, settings",
        "settings, failure",
        "routes, changelog|failure"
    })
    void a_noun_depends_only_on_the_nouns_below_it(String noun, String below) {
        noClasses()
                .that()
                .resideInAPackage("fr.relais." + noun + "..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "fr\\.relais\\.(?!(database|" + (below.isEmpty() ? noun : noun + "|" + below) + ")\\.).*")
                .because("a noun depends only on the nouns below it, and never on app, web or the package fr.relais")
                .check(MAIN);
    }

    @Test
    void no_noun_depends_on_spring_boot() {
        noClasses()
                .that(resideInAnyPackage(NOUNS))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework.boot..")
                .because("an integrator who embeds the pipeline has no Spring Boot")
                .check(MAIN);
    }

    @Test
    void the_pipeline_does_not_depend_on_the_application() {
        noClasses()
                .that()
                .resideOutsideOfPackages("fr.relais.app..", "fr.relais.boot..", "fr.relais.budget..", "fr.relais.web..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "fr.relais.app..",
                        "fr.relais.boot..",
                        "fr.relais.budget..",
                        "fr.relais.web..",
                        "org.springframework.boot..",
                        "picocli..")
                .check(MAIN);
    }

    @Test
    void only_the_root_package_routes_metrics_app_boot_and_web_depend_on_camel() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "fr.relais",
                        "fr.relais.routes..",
                        "fr.relais.metrics..",
                        "fr.relais.app..",
                        "fr.relais.boot..",
                        "fr.relais.web..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.camel..")
                .because("beans take and return plain types, so that they are tested without Camel")
                .check(MAIN);
    }

    @Test
    void only_metrics_app_and_boot_depend_on_micrometer() {
        noClasses()
                .that()
                .resideOutsideOfPackages("fr.relais.metrics..", "fr.relais.app..", "fr.relais.boot..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .because("a host may have no Micrometer")
                .check(MAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "api", "console"})
    void page_api_and_console_do_not_depend_on_each_other(String part) {
        noClasses()
                .that()
                .resideInAPackage("fr.relais.web." + part)
                .should()
                .dependOnClassesThat()
                .haveNameMatching("fr\\.relais\\.(app|web\\.(?!" + part + "\\.)[a-z]+)\\..*")
                .because("page, api and console use the package web and depend neither on each other nor on web.access")
                .check(MAIN);
    }

    @Test
    void what_page_api_and_console_share_does_not_depend_on_them() {
        noClasses()
                .that()
                .resideInAnyPackage("fr.relais.web", "fr.relais.web.access")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "fr.relais.app..", "fr.relais.web.page", "fr.relais.web.api", "fr.relais.web.console")
                .check(MAIN);
    }
}

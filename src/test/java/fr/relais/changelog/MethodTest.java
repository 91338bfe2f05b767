package fr.relais.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MethodTest {

    @Test
    void describes_the_standard_pipeline_first_and_then_this_installation() {
        Method method = Method.of(
                "1.2.3",
                Map.of("relais.source.origins", "1,2"),
                List.of(new Migration("4", "changelog", -7)),
                List.of(
                        new Method.RouteFile("00-errors.camel.yaml", Method.Origin.PACKED, "abc", List.of()),
                        new Method.RouteFile(
                                "36-mine.camel.yaml",
                                Method.Origin.ADDED,
                                "def",
                                List.of(
                                        new Method.Route("relais-transform-offer", "Le métier est ajouté."),
                                        new Method.Route("mine", "")))),
                List.of(new Method.Route("relais-transform-offer", "Le métier est ajouté.")));

        assertThat(method.sections())
                .extracting(Method.Section::title)
                .containsExactly(
                        "Logiciel",
                        "Lecture de la base",
                        "Comparaison et enregistrement des offres",
                        "Retrait des offres",
                        "Suivi et publication",
                        "Réglages",
                        "Fichiers de traitement",
                        "Structure de la base de données",
                        "Nos ajouts");
        assertThat(method.text()).startsWith("""
                Logiciel
                  Relais 1.2.3
                Lecture de la base
                  Nous lisons la base de France Travail uniquement par son API. \
                Une lecture complète s’appelle un balayage.
                """).endsWith("""
                Réglages
                  Origines des offres reprises (1 : celles de France Travail, 2 : celles de ses partenaires) : 1,2 \
                (relais.source.origins)
                Fichiers de traitement
                  00-errors.camel.yaml, fourni avec le logiciel, SHA-256 abc
                  36-mine.camel.yaml, ajouté par nous, SHA-256 def
                  36-mine.camel.yaml contient relais-transform-offer : Le métier est ajouté.
                  36-mine.camel.yaml contient mine
                Structure de la base de données
                  Version 4, changelog (somme de contrôle -7)
                Nos ajouts
                  Nous complétons ou modifions chaque offre créée ou mise à jour, de la façon suivante. \
                Le bilan de chaque balayage indique le nombre de ces offres.
                  relais-transform-offer : Le métier est ajouté.
                """);
    }

    @Test
    void describes_a_missing_version_and_missing_additions() {
        assertThat(Method.of(null, Map.of(), List.of(), List.of(), List.of()).text())
                .startsWith("Logiciel\n  Relais en développement\n")
                .endsWith("Nos ajouts\n  Nous ne complétons et ne modifions aucune offre.\n");
    }

    @Property(tries = 200)
    void parsing_the_text_returns_the_same_method(@ForAll String route, @ForAll String note) {
        Method method = Method.of(
                note,
                Map.of("relais.sweep.cron", note),
                List.of(new Migration(route, note, 0)),
                List.of(new Method.RouteFile(route, Method.Origin.ADDED, note, List.of(new Method.Route(route, note)))),
                List.of(new Method.Route(route, note)));

        assertThat(Method.parse(method.text())).isEqualTo(method);
        assertThat(Method.parse(method.text()).sha256()).isEqualTo(method.sha256());
        assertThat(method.text().chars().filter(character -> character != '\n')).noneMatch(Character::isISOControl);
    }
}

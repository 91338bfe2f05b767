package fr.relais.changelog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MethodTest {

    private static final List<Method.Step> STEPS = List.of(new Method.Step("reconcile", "Compare.", false));

    @Test
    void tells_version_settings_steps_files_and_migrations() {
        Method method = Method.of(
                "1.2.3",
                Map.of("relais.source.origins", "1,2"),
                List.of(new Migration("4", "changelog", -7)),
                List.of(new Method.RouteFile("35-hooks.camel.yaml", "replaced", "abc")),
                STEPS);

        assertThat(method.text()).isEqualTo("""
                Logiciel
                  Relais 1.2.3
                Réglages
                  Origines des offres reprises (1 : celles de l’opérateur, 2 : celles de ses partenaires) : 1,2 (relais.source.origins)
                Traitements
                  reconcile : Compare.
                Ajouts
                  Le traitement transform-offer, prévu pour compléter les offres, n’y ajoute et n’y change rien.
                Fichiers de traitement
                  35-hooks.camel.yaml, remplacé, SHA-256 abc
                Structure de la base de données
                  Version 4, changelog (somme de contrôle -7)
                """);
    }

    @Test
    void says_so_when_its_version_is_not_known() {
        assertThat(Method.of(null, Map.of(), List.of(), List.of(), List.of()).text())
                .startsWith("Logiciel\n  Relais en développement\n");
    }

    @Property(tries = 200)
    void is_read_again_as_it_was_written(@ForAll String route, @ForAll String note) {
        Method method = Method.of(
                note,
                Map.of("relais.sweep.cron", note),
                List.of(new Migration(route, note, 0)),
                List.of(new Method.RouteFile(route, "added", note)),
                List.of(new Method.Step(route, note, true)));

        assertThat(Method.parse(method.text())).isEqualTo(method);
        assertThat(Method.parse(method.text()).sha256()).isEqualTo(method.sha256());
        assertThat(method.text().chars().filter(character -> character != '\n')).noneMatch(Character::isISOControl);
    }
}

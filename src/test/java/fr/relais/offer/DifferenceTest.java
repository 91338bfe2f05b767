package fr.relais.offer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a":1,"b":{"c":[1,2]}} | {"b": {"c": [1, 2]}, "a": 1} | false | []
                    {"a":1} | {"a":2} | false | [a]
                    {"a":1} | {"a":1,"b":null} | false | [b]
                    {"a":1,"b":2} | {"c":3} | false | [a, b, c]
                    {"a":{"b":1}} | {"a":{"b":"1"}} | false | [a]
                    {"un titre":1} | {"un autre":1} | false | [(other)]
                    {"dateActualisation":"1"} | {"dateActualisation":"2"} | true | [dateActualisation]
                    {"dateActualisation":"2"} | {"dateActualisation":"1"} | false | [dateActualisation]
                    {"a":1} | {"a":2,"dateActualisation":"1"} | true | [a, dateActualisation]
                    {"a":1 | {"a":1} | false | [(other)]
                    """)
    void the_names_of_the_fields_that_differ_are_found(String mirrored, String shown, boolean isUpdate, String fields) {
        Difference difference = Difference.of(mirrored.getBytes(UTF_8), shown.getBytes(UTF_8));

        assertThat(difference.isUpdate()).isEqualTo(isUpdate);
        assertThat(difference.fields()).hasToString(fields);
    }
}

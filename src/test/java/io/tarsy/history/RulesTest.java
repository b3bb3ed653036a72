package io.tarsy.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of the fourteen rules of the database layer is proven by tests that begin with its name, such as r7…. */
class RulesTest {
    private static final Set<String> PROOFS = new ClassFileImporter()
            .withImportOption(new ImportOption.OnlyIncludeTests()).importPackages("io.tarsy.history").stream()
                    .flatMap(type -> type.getMembers().stream())
                    .filter(RulesTest::isTest)
                    .map(JavaMember::getName)
                    .collect(Collectors.toSet());

    private static boolean isTest(JavaMember member) {
        return member.getAnnotations().stream()
                .anyMatch(annotation ->
                        annotation.getRawType().getSimpleName().matches("Test|ParameterizedTest|ArchTest"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14})
    void everyRuleHasATestOfItsName(int rule) {
        assertThat(PROOFS).anyMatch(name -> name.matches("r" + rule + "[A-Z].*"));
    }
}

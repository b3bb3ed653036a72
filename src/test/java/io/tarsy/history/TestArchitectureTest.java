package io.tarsy.history;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The walls for the tests themselves. */
@AnalyzeClasses(packages = "io.tarsy.history", importOptions = OnlyIncludeTests.class)
class TestArchitectureTest {

    private static final String HOUSE = "io.tarsy.history";

    @ArchTest
    static final ArchRule assertWithAssertJOnly = noClasses()
            .should()
            .dependOnClassesThat(are(resideInAnyPackage("org.hamcrest..", "org.mockito..", "junit.framework..")
                    .or(simpleNameEndingWith("Assertions").and(resideInAnyPackage("org.junit..")))));

    @ArchTest
    static final ArchRule stayOutsideOfTheProduct = noClasses()
            .that()
            .resideInAPackage(HOUSE + ".it..")
            .should()
            .dependOnClassesThat(describe(
                    "belong to the product",
                    type -> type.getPackageName().startsWith(HOUSE)
                            && !type.getPackageName().startsWith(HOUSE + ".it")));
}

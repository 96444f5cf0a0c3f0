"""What is said of uploaded images, and which texts show them."""

import django.db.models.deletion
from django.db import migrations, models

from articles.migrations._table_by_table import TableByTable


class Migration(TableByTable):
    dependencies = [
        ('articles', '0052_suggested_edits'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='alt',
            field=models.CharField(blank=True, db_default='', max_length=500, verbose_name='alt text'),
        ),
        migrations.AddField(
            model_name='upload',
            name='credit',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='credit'),
        ),
        migrations.AddField(
            model_name='upload',
            name='file_name',
            field=models.CharField(blank=True, db_default='', max_length=255, verbose_name='file name'),
        ),
        migrations.AddField(
            model_name='upload',
            name='height',
            field=models.PositiveIntegerField(help_text='In pixels; empty until it is measured.', null=True, verbose_name='height'),
        ),
        migrations.AddField(
            model_name='upload',
            name='width',
            field=models.PositiveIntegerField(help_text='In pixels; empty until it is measured.', null=True, verbose_name='width'),
        ),
        migrations.CreateModel(
            name='ImageUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='articles.revision')),
            ],
            options={
                'verbose_name': 'image in a text',
                'verbose_name_plural': 'images in texts',
                'ordering': ['revision', 'name'],
                'default_permissions': (),
                'indexes': [models.Index(fields=['name'], name='image_use_by_name')],
                'constraints': [models.UniqueConstraint(fields=('revision', 'name'), name='image_use_unique_in_revision')],
            },
        ),
    ]
